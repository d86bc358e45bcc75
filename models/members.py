"""Stores members of a community and their accounts on the platforms; bot/kit/access.py decides their rights."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.store import Bulk, Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    community_id: int
    id: int
    name: str
    #: the member's own choice, which overrides the community's
    language: str | None
    time_zone: str | None
    bot: bool
    joined_at: int | None
    left_at: int | None
    #: when they first acted in a place of the community; None for members we only heard of
    met_at: int | None = None
    #: the language that their app told last
    heard: str | None = None

    @property
    def speaks(self) -> str | None:
        return self.language or self.heard

    @property
    def present(self) -> bool:
        return self.met_at is not None and self.left_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    community_id: int
    platform: str
    #: the platform's id of it
    external_id: str
    member_id: int
    name: str
    #: stored case-folded and without @
    username: str | None
    #: whether we may write to them in private
    reachable: bool


FIND_ACCOUNTS = Bulk(
    head="WITH wanted (community_id, platform, external_id) AS (",
    columns={"community_id": "BIGINT", "platform": "TEXT", "external_id": "TEXT"},
    tail="""
    )
    SELECT account.community_id, account.platform, account.external_id, account.member_id, account.name,
           account.username, account.reachable
    FROM wanted
    JOIN account ON account.community_id = wanted.community_id AND account.platform = wanted.platform
                AND account.external_id = wanted.external_id
    """,
)
CREATE_ACCOUNTS = Bulk(
    head="""
    INSERT INTO account (community_id, platform, external_id, member_id, name, username, reachable, linked_at)
    """,
    columns={
        "community_id": "BIGINT",
        "platform": "TEXT",
        "external_id": "TEXT",
        "member_id": "BIGINT",
        "name": "TEXT",
        "username": "TEXT",
        "reachable": "BOOLEAN",
        "linked_at": "BIGINT",
    },
    tail="ON CONFLICT (community_id, platform, external_id) DO NOTHING RETURNING community_id, member_id",
)
CREATE_MEMBERS = Bulk(
    head="INSERT INTO member (community_id, id, name, language, time_zone, bot, joined_at, left_at, met_at)",
    columns={
        "community_id": "BIGINT",
        "id": "BIGINT",
        "name": "TEXT",
        "language": "TEXT",
        "time_zone": "TEXT",
        "bot": "BOOLEAN",
        "joined_at": "BIGINT",
        "left_at": "BIGINT",
        "met_at": "BIGINT",
    },
    tail="ON CONFLICT DO NOTHING",
)
RENAME_ACCOUNTS = Bulk(
    head="WITH given (community_id, platform, external_id, name, username) AS (",
    columns={"community_id": "BIGINT", "platform": "TEXT", "external_id": "TEXT", "name": "TEXT", "username": "TEXT"},
    tail="""
    )
    UPDATE account SET name = given.name, username = given.username
    FROM given
    WHERE account.community_id = given.community_id AND account.platform = given.platform
      AND account.external_id = given.external_id
    """,
)
#: A username belongs to one account at a time.
RELEASE_USERNAMES = Bulk(
    head="WITH given (community_id, platform, external_id, username) AS (",
    columns={"community_id": "BIGINT", "platform": "TEXT", "external_id": "TEXT", "username": "TEXT"},
    tail="""
    )
    UPDATE account SET username = NULL
    FROM given
    WHERE account.community_id = given.community_id AND account.platform = given.platform
      AND account.username = given.username AND account.external_id <> given.external_id
    RETURNING account.platform, account.external_id
    """,
)
RENAME_MEMBERS = Bulk(
    head="WITH given (community_id, member_id, name) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "name": "TEXT"},
    tail="""
    )
    UPDATE member SET name = given.name
    FROM given
    WHERE member.community_id = given.community_id AND member.id = given.member_id
    """,
)


BY_USERNAMES = Bulk(
    head="WITH wanted (community_id, platform, username) AS (",
    columns={"community_id": "BIGINT", "platform": "TEXT", "username": "TEXT"},
    tail="""
    )
    SELECT account.community_id, account.platform, account.external_id, account.member_id, account.name,
           account.username, account.reachable
    FROM wanted
    JOIN account ON account.community_id = wanted.community_id AND account.platform = wanted.platform
                AND account.username = wanted.username
    ORDER BY account.linked_at, account.external_id
    """,
)
BY_NAMES = Bulk(
    head="WITH wanted (community_id, name) AS (",
    columns={"community_id": "BIGINT", "name": "TEXT"},
    tail="""
    )
    SELECT member.community_id, member.id, member.name, member.language, member.time_zone, member.bot,
           member.joined_at, member.left_at, member.met_at, member.heard
    FROM wanted
    JOIN member ON member.community_id = wanted.community_id AND member.name = wanted.name
    ORDER BY member.id
    """,
)
ACCOUNTS = Bulk(
    head="WITH wanted (community_id, id) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT"},
    tail="""
    )
    SELECT account.community_id, account.platform, account.external_id, account.member_id, account.name,
           account.username, account.reachable
    FROM wanted
    JOIN account ON account.community_id = wanted.community_id AND account.member_id = wanted.id
    ORDER BY account.linked_at, account.platform, account.external_id
    """,
)
BY_IDS = Bulk(
    head="WITH wanted (community_id, id) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT"},
    tail="""
    )
    SELECT member.community_id, member.id, member.name, member.language, member.time_zone, member.bot,
           member.joined_at, member.left_at, member.met_at, member.heard
    FROM wanted
    JOIN member ON member.community_id = wanted.community_id AND member.id = wanted.id
    """,
)


async def find_accounts(tx: Tx, community_id: int, keys: Sequence[tuple[str, str]]) -> list[Account]:
    """The accounts known here by these (platform, external id)s."""
    rows = await tx.each(FIND_ACCOUNTS, [(community_id, platform, external_id) for platform, external_id in keys])
    return [_account(row) for row in rows]


async def create_members(tx: Tx, arrivals: Sequence[tuple[Member, Account]], now: int) -> set[int]:
    """Create members with their first account; return the ids really created: another process may have been faster."""
    accounts = [
        (
            account.community_id,
            account.platform,
            account.external_id,
            account.member_id,
            account.name,
            folded(account.username),
            account.reachable,
            now,
        )
        for _, account in arrivals
    ]
    created = {(row["community_id"], row["member_id"]) for row in await tx.each(CREATE_ACCOUNTS, accounts)}
    members = [
        (
            member.community_id,
            member.id,
            member.name,
            member.language,
            member.time_zone,
            member.bot,
            member.joined_at,
            member.left_at,
            member.met_at,
        )
        for member, _ in arrivals
        if (member.community_id, member.id) in created
    ]
    await tx.each(CREATE_MEMBERS, members)
    return {member_id for _, member_id in created}


async def member(tx: Tx, community_id: int, id: int) -> Member | None:
    row = await tx.one(
        """
        SELECT community_id, id, name, language, time_zone, bot, joined_at, left_at, met_at, heard
        FROM member
        WHERE community_id = :community_id AND id = :id
        """,
        community_id=community_id,
        id=id,
    )
    return _member(row) if row else None


async def known(tx: Tx, community_id: int, id: int) -> Member:
    """The member that a row of ours names; members are never deleted, so a missing one is a fault."""
    found = await member(tx, community_id, id)
    if found is None:
        raise LookupError(f"something names member {id}, whom nobody knows")
    return found


async def accounts_of(tx: Tx, community_id: int, member_id: int) -> list[Account]:
    """A member's accounts, longest linked first."""
    rows = await tx.all(
        """
        SELECT community_id, platform, external_id, member_id, name, username, reachable
        FROM account
        WHERE community_id = :community_id AND member_id = :member_id
        ORDER BY linked_at, platform, external_id
        """,
        community_id=community_id,
        member_id=member_id,
    )
    return [_account(row) for row in rows]


async def by_username(tx: Tx, community_id: int, platform: str, username: str) -> Member | None:
    """The member with this @username."""
    row = await tx.one(
        """
        SELECT member.community_id, member.id, member.name, member.language, member.time_zone, member.bot,
               member.joined_at, member.left_at, member.met_at, member.heard
        FROM account
        JOIN member ON member.community_id = account.community_id AND member.id = account.member_id
        WHERE account.community_id = :community_id AND account.platform = :platform AND account.username = :username
        ORDER BY account.linked_at DESC, account.external_id DESC
        LIMIT 1
        """,
        community_id=community_id,
        platform=platform,
        username=folded(username),
    )
    return _member(row) if row else None


async def by_usernames(tx: Tx, community_id: int, keys: Sequence[tuple[str, str]]) -> list[Account]:
    """The accounts with these (platform, username)s; for one name the account linked last comes last."""
    rows = [(community_id, platform, folded(username)) for platform, username in dict.fromkeys(keys)]
    return [_account(row) for row in await tx.each(BY_USERNAMES, rows)]


async def by_names(tx: Tx, community_id: int, names: Sequence[str]) -> list[Member]:
    """All members with exactly this name."""
    return [_member(row) for row in await tx.each(BY_NAMES, [(community_id, name) for name in dict.fromkeys(names)])]


async def accounts(tx: Tx, community_id: int, member_ids: Sequence[int]) -> list[Account]:
    """The accounts of all these members, longest linked first."""
    rows = await tx.each(ACCOUNTS, [(community_id, member_id) for member_id in dict.fromkeys(member_ids)])
    return [_account(row) for row in rows]


async def by_ids(tx: Tx, community_id: int, ids: Sequence[int]) -> list[Member]:
    """These members, in no order."""
    return [_member(row) for row in await tx.each(BY_IDS, [(community_id, each) for each in dict.fromkeys(ids)])]


async def communities_of(tx: Tx, platform: str, external_id: str) -> list[int]:
    """The communities in which the person behind an account is present."""
    rows = await tx.all(
        """
        SELECT account.community_id
        FROM account
        JOIN member ON member.community_id = account.community_id AND member.id = account.member_id
        WHERE account.platform = :platform AND account.external_id = :external_id
          AND member.met_at IS NOT NULL AND member.left_at IS NULL
        ORDER BY account.community_id
        """,
        platform=platform,
        external_id=external_id,
    )
    return [row["community_id"] for row in rows]


async def set_language(tx: Tx, community_id: int, member_id: int, language: str | None) -> None:
    await tx.run(
        "UPDATE member SET language = :language WHERE community_id = :community_id AND id = :member_id",
        language=language,
        community_id=community_id,
        member_id=member_id,
    )


async def hear(tx: Tx, community_id: int, member_id: int, language: str) -> None:
    await tx.run(
        "UPDATE member SET heard = :language WHERE community_id = :community_id AND id = :member_id",
        language=language,
        community_id=community_id,
        member_id=member_id,
    )


async def set_time_zone(tx: Tx, community_id: int, member_id: int, zone: str | None) -> None:
    """Set their time zone; None for the community's."""
    await tx.run(
        "UPDATE member SET time_zone = :zone WHERE community_id = :community_id AND id = :member_id",
        zone=zone,
        community_id=community_id,
        member_id=member_id,
    )


async def set_reachable(tx: Tx, platform: str, external_id: str, reachable: bool) -> None:
    """Change it in every community at once: a private chat is with a person, not with a community."""
    await tx.run(
        """
        UPDATE account SET reachable = :reachable WHERE platform = :platform AND external_id = :external_id
        """,
        reachable=reachable,
        platform=platform,
        external_id=external_id,
    )


async def rename(tx: Tx, accounts: Sequence[Account]) -> None:
    """Store new names of these accounts, and of their members."""
    rows = [
        (account.community_id, account.platform, account.external_id, account.name, folded(account.username))
        for account in accounts
    ]
    await tx.each(RENAME_ACCOUNTS, rows)
    # If two accounts of one member are in a batch, the later name counts.
    names = {(account.community_id, account.member_id): account.name for account in accounts}
    await tx.each(RENAME_MEMBERS, [(community, member, name) for (community, member), name in names.items()])


async def claim_usernames(tx: Tx, accounts: Sequence[Account]) -> set[tuple[str, str]]:
    """Give each username to the last account seen with it; return the (platform, external id)s that lost theirs."""
    owners = {
        (account.community_id, account.platform, username): account.external_id
        for account in accounts
        if (username := folded(account.username))
    }
    rows = [(community, platform, owner, username) for (community, platform, username), owner in owners.items()]
    return {(row["platform"], row["external_id"]) for row in await tx.each(RELEASE_USERNAMES, rows)}


def folded(username: str | None) -> str | None:
    return username.removeprefix("@").casefold() or None if username else None


def _member(row: Row) -> Member:
    return Member(**{**row, "bot": bool(row["bot"])})  # SQLite stores truth as 0 and 1


def _account(row: Row) -> Account:
    return Account(**{**row, "reachable": bool(row["reachable"])})  # SQLite stores truth as 0 and 1
