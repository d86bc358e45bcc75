"""Stores badges made by administrators, who has which badge, and what members did to earn them."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """A badge that an administrator made."""

    community_id: int
    number: int
    emoji: str
    name: str
    #: what it is for
    about: str
    made_at: int
    #: since when it is no longer a badge
    gone_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    community_id: int
    member_id: int
    #: its name in the code, or `made:` and its number
    badge: str
    at: int
    #: None when it was earned
    actor_id: int | None = None
    #: in the giver's own words
    why: str | None = None
    #: since when the member no longer has it, and cannot earn it again
    taken_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What a member did that counts for badges; messages and reactions up to the last day added up."""

    member_id: int
    joined_at: int | None
    #: the longest streak
    streak: int
    level: int
    messages: int
    #: received
    reactions: int
    answers: int
    accepted: int


class Round(NamedTuple):
    #: the last day added up, in days since 1970-01-01
    day: int
    #: members up to this one are done
    last_member_id: int
    #: whether to tell members what they earn; not when we look at their whole past for the first time
    told: bool


PUT = Bulk(
    head="INSERT INTO badge (community_id, number, emoji, name, about, made_at, gone_at)",
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "emoji": "TEXT",
        "name": "TEXT",
        "about": "TEXT",
        "made_at": "BIGINT",
        "gone_at": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, number) DO UPDATE
    SET emoji = excluded.emoji, name = excluded.name, about = excluded.about, gone_at = excluded.gone_at
    """,
)
AWARD: dict[str, str] = {
    "community_id": "BIGINT",
    "member_id": "BIGINT",
    "badge": "TEXT",
    "at": "BIGINT",
    "actor_id": "BIGINT",
    "why": "TEXT",
    "taken_at": "BIGINT",
}
EARN = Bulk(
    head="INSERT INTO award (community_id, member_id, badge, at, actor_id, why, taken_at)",
    columns=AWARD,
    tail="ON CONFLICT (community_id, member_id, badge) DO NOTHING RETURNING member_id, badge",
)
GIVE = Bulk(
    head="INSERT INTO award (community_id, member_id, badge, at, actor_id, why, taken_at)",
    columns=AWARD,
    tail="""
    ON CONFLICT (community_id, member_id, badge) DO UPDATE
    SET at = excluded.at, actor_id = excluded.actor_id, why = excluded.why, taken_at = NULL
    WHERE award.taken_at IS NOT NULL
    RETURNING member_id
    """,
)


async def put_badge(tx: Tx, badge: Badge) -> None:
    """Store a new badge under its number, or update it."""
    await tx.each(PUT, [astuple(badge)])


async def badges(tx: Tx, community_id: int, limit: int) -> list[Badge]:
    """The badges that are not removed, in the order in which they were made."""
    rows = await tx.all(
        "SELECT * FROM badge WHERE community_id = :community_id AND gone_at IS NULL ORDER BY number LIMIT :limit",
        community_id=community_id,
        limit=limit,
    )
    return [Badge(**row) for row in rows]


async def earn(tx: Tx, awards: Sequence[Award]) -> set[tuple[int, str]]:
    """Award badges and return the new (member, badge) pairs; an award held before or taken away stays as it is."""
    return {(row["member_id"], row["badge"]) for row in await tx.each(EARN, [astuple(each) for each in awards])}


async def give(tx: Tx, award: Award) -> bool:
    """Give a badge, also one taken away before; return whether the member did not have it."""
    return bool(await tx.each(GIVE, [astuple(award)]))


async def take(tx: Tx, community_id: int, member_id: int, badge: str, now: int) -> bool:
    """Take a badge away; return whether the member had it."""
    changed = await tx.run(
        """
        UPDATE award SET taken_at = :now
        WHERE community_id = :community_id AND member_id = :member_id AND badge = :badge AND taken_at IS NULL
        """,
        now=now,
        community_id=community_id,
        member_id=member_id,
        badge=badge,
    )
    return changed > 0


async def awards(tx: Tx, community_id: int, first: int, last: int) -> list[Award]:
    """The awards of members with ids from `first` to `last`, newest first, including those taken away."""
    rows = await tx.all(
        """
        SELECT community_id, member_id, badge, at, actor_id, why, taken_at
        FROM award
        WHERE community_id = :community_id AND member_id BETWEEN :first AND :last
        ORDER BY at DESC, badge
        """,
        community_id=community_id,
        first=first,
        last=last,
    )
    return [Award(**row) for row in rows]


async def founders(tx: Tx, community_id: int, limit: int) -> list[int]:
    """The members we have known longest."""
    rows = await tx.all(
        "SELECT id FROM member WHERE community_id = :community_id AND NOT bot ORDER BY id LIMIT :limit",
        community_id=community_id,
        limit=limit,
    )
    return [row["id"] for row in rows]


async def deeds(tx: Tx, community_id: int, first: int, last: int, limit: int) -> list[Deeds]:
    """The deeds of members with ids from `first` to `last`, in that order, without bots and members who left."""
    rows = await tx.all(
        """
        SELECT member.id AS member_id, member.joined_at, COALESCE(streak.longest, 0) AS streak,
               COALESCE(member_level.level, 0) AS level, COALESCE(deeds.messages, 0) AS messages,
               COALESCE(deeds.reactions, 0) AS reactions, (
                   SELECT COUNT(*) FROM answer
                   WHERE answer.community_id = member.community_id AND answer.author_id = member.id
                     AND answer.deleted_at IS NULL AND NOT answer.guessed
               ) AS answers, (
                   SELECT COUNT(*) FROM answer
                   WHERE answer.community_id = member.community_id AND answer.author_id = member.id
                     AND answer.deleted_at IS NULL AND answer.accepted_at IS NOT NULL
               ) AS accepted
        FROM member
        LEFT JOIN streak ON streak.community_id = member.community_id AND streak.member_id = member.id
        LEFT JOIN member_level ON member_level.community_id = member.community_id
                              AND member_level.member_id = member.id
        LEFT JOIN deeds ON deeds.community_id = member.community_id AND deeds.member_id = member.id
        WHERE member.community_id = :community_id AND member.id BETWEEN :first AND :last
          AND member.left_at IS NULL AND NOT member.bot
        ORDER BY member.id
        LIMIT :limit
        """,
        community_id=community_id,
        first=first,
        last=last,
        limit=limit,
    )
    return [Deeds(**row) for row in rows]


async def add_up(tx: Tx, community_id: int, after_day: int, upto_day: int) -> None:
    """Add up what was done after the first day, up to and including the last."""
    await tx.run(
        """
        INSERT INTO deeds (community_id, member_id, messages, reactions)
        SELECT community_id, member_id,
               CAST(SUM(CASE WHEN kind = 'reaction_received' THEN 0 ELSE amount END) AS BIGINT),
               CAST(SUM(CASE WHEN kind = 'reaction_received' THEN amount ELSE 0 END) AS BIGINT)
        FROM activity_day
        WHERE community_id = :community_id AND day > :after_day AND day <= :upto_day
          AND kind IN ('message', 'reply', 'reaction_received')
        GROUP BY community_id, member_id
        ON CONFLICT (community_id, member_id) DO UPDATE
        SET messages = deeds.messages + excluded.messages, reactions = deeds.reactions + excluded.reactions
        """,
        community_id=community_id,
        after_day=after_day,
        upto_day=upto_day,
    )


async def round_(tx: Tx, community_id: int) -> Round | None:
    """How far the last round has come."""
    row = await tx.one(
        "SELECT day, last_member_id, told FROM badge_round WHERE community_id = :community_id",
        community_id=community_id,
    )
    return Round(row["day"], row["last_member_id"], bool(row["told"])) if row else None


async def keep_round(tx: Tx, community_id: int, state: Round) -> None:
    await tx.run(
        """
        INSERT INTO badge_round (community_id, day, last_member_id, told)
        VALUES (:community_id, :day, :last_member_id, :told)
        ON CONFLICT (community_id) DO UPDATE
        SET day = excluded.day, last_member_id = excluded.last_member_id, told = excluded.told
        """,
        community_id=community_id,
        **state._asdict(),
    )


async def first_day(tx: Tx, community_id: int) -> int | None:
    """The first day on which anything was counted."""
    row = await tx.one(
        "SELECT MIN(day) AS day FROM activity_day WHERE community_id = :community_id", community_id=community_id
    )
    return row["day"] if row else None
