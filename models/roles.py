"""Stores which roles members hold, why they should, and the last change we made; bot/ gives and takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.store import Bulk, Row, Tx
from models.waiting import Due


class Holder(NamedTuple):
    """A member in one guild or chat, which has roles of its own."""

    community_id: int
    member_id: int
    place_id: int


class Reward(NamedTuple):
    """A role of a guild."""

    place_id: int
    role_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason why a member should hold a role."""

    community_id: int
    member_id: int
    #: the guild that has the role
    place_id: int
    role_id: str
    name: str
    #: a short key, such as level, shop or manual; the catalogues hold its words
    reason: str
    #: which one: for example the level or the order
    subject: str
    at: int
    #: when it ends on its own
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """The last change we made to a member's role, and its outcome."""

    community_id: int
    member_id: int
    role_id: str
    place_id: int
    name: str
    wanted: bool
    promise_id: int
    at: int
    #: the outcome of its promise: kept, refused, unknown or void; None while it is in progress, or long forgotten
    outcome: str | None = None
    error: str | None = None
    attempts: int = 0
    #: in progress
    pending: bool = False


HELD = Bulk(
    head="WITH wanted (community_id, member_id, place_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "place_id": "BIGINT"},
    tail="""
    )
    SELECT member_role.community_id, member_role.member_id, member_role.place_id, member_role.role_id
    FROM wanted
    JOIN member_role ON member_role.community_id = wanted.community_id AND member_role.member_id = wanted.member_id
                    AND member_role.place_id = wanted.place_id
    """,
)
LOSE = Bulk(
    head="WITH given (community_id, member_id, place_id, role_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "place_id": "BIGINT", "role_id": "TEXT"},
    tail="""
    )
    DELETE FROM member_role
    WHERE (community_id, member_id, place_id, role_id) IN (
        SELECT community_id, member_id, place_id, role_id FROM given
    )
    """,
)
GAIN = Bulk(
    head="INSERT INTO member_role (community_id, member_id, place_id, role_id)",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "place_id": "BIGINT", "role_id": "TEXT"},
    tail="ON CONFLICT DO NOTHING",
)
ROLES_OF = Bulk(
    head="WITH wanted (community_id, member_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    SELECT member_role.member_id, member_role.role_id
    FROM wanted
    JOIN member_role ON member_role.community_id = wanted.community_id AND member_role.member_id = wanted.member_id
    """,
)
ADD_REASONS = Bulk(
    head="INSERT INTO role_reason (community_id, member_id, place_id, role_id, name, reason, subject, at, until)",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "place_id": "BIGINT",
        "role_id": "TEXT",
        "name": "TEXT",
        "reason": "TEXT",
        "subject": "TEXT",
        "at": "BIGINT",
        "until": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, member_id, role_id, reason, subject) DO UPDATE
    SET name = excluded.name, until = excluded.until
    """,
)
DROP_REASONS = Bulk(
    head="WITH given (community_id, member_id, role_id, reason, subject) AS (",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "role_id": "TEXT",
        "reason": "TEXT",
        "subject": "TEXT",
    },
    tail="""
    )
    DELETE FROM role_reason
    WHERE (community_id, member_id, role_id, reason, subject) IN (
        SELECT community_id, member_id, role_id, reason, subject FROM given
    )
    """,
)
REASONS_OF = Bulk(
    head="WITH wanted (community_id, member_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    SELECT role_reason.community_id, role_reason.member_id, role_reason.place_id, role_reason.role_id,
           role_reason.name, role_reason.reason, role_reason.subject, role_reason.at, role_reason.until
    FROM wanted
    JOIN role_reason ON role_reason.community_id = wanted.community_id AND role_reason.member_id = wanted.member_id
    ORDER BY role_reason.member_id, role_reason.role_id, role_reason.at, role_reason.reason, role_reason.subject
    """,
)
NOTE_CHANGES = Bulk(
    head="INSERT INTO role_change (community_id, member_id, role_id, place_id, name, wanted, promise_id, at)",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "role_id": "TEXT",
        "place_id": "BIGINT",
        "name": "TEXT",
        "wanted": "BOOLEAN",
        "promise_id": "BIGINT",
        "at": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, member_id, role_id) DO UPDATE
    SET place_id = excluded.place_id, name = excluded.name, wanted = excluded.wanted,
        promise_id = excluded.promise_id, at = excluded.at
    """,
)


CHANGES_OF = Bulk(
    head="WITH wanted (community_id, member_id) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT"},
    tail="""
    )
    SELECT role_change.community_id, role_change.member_id, role_change.role_id, role_change.place_id,
           role_change.name, role_change.wanted, role_change.promise_id, role_change.at, promise.outcome,
           promise.error, COALESCE(promise.attempts, 0) AS attempts,
           promise.id IS NOT NULL AND promise.kept_at IS NULL AS pending
    FROM wanted
    JOIN role_change ON role_change.community_id = wanted.community_id AND role_change.member_id = wanted.member_id
    LEFT JOIN promise ON promise.community_id = role_change.community_id AND promise.id = role_change.promise_id
    ORDER BY role_change.at, role_change.role_id
    """,
)


async def told(tx: Tx, holders: Mapping[Holder, frozenset[str]]) -> set[Holder]:
    """Store all the roles that the platform says these holders have; return the holders whose roles changed."""
    known: dict[Holder, set[str]] = {}
    for row in await tx.each(HELD, list(holders)):
        holder = Holder(row["community_id"], row["member_id"], row["place_id"])
        known.setdefault(holder, set()).add(row["role_id"])
    lost = [(*holder, role) for holder in holders for role in sorted(known.get(holder, set()) - holders[holder])]
    gained = [(*holder, role) for holder in holders for role in sorted(holders[holder] - known.get(holder, set()))]
    await tx.each(LOSE, lost)
    await tx.each(GAIN, gained)
    return {Holder(*row[:3]) for row in [*lost, *gained]}


async def came_true(tx: Tx, rows: Sequence[tuple[int, int, int, str, bool]]) -> None:
    """A platform made these changes; rows are (community, member, place, role, whether it is held now)."""
    await tx.each(GAIN, [row[:4] for row in rows if row[4]])
    await tx.each(LOSE, [row[:4] for row in rows if not row[4]])


async def roles_of(tx: Tx, community_id: int, member_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The roles these members hold, as last told; members without roles are left out."""
    found: dict[int, set[str]] = {}
    for row in await tx.each(ROLES_OF, [(community_id, member_id) for member_id in dict.fromkeys(member_ids)]):
        found.setdefault(row["member_id"], set()).add(row["role_id"])
    return {member_id: frozenset(roles) for member_id, roles in found.items()}


async def holders(tx: Tx, community_id: int, role_id: str) -> list[int]:
    """The members who hold a role, as last told."""
    rows = await tx.all(
        """
        SELECT DISTINCT member_id FROM member_role
        WHERE community_id = :community_id AND role_id = :role_id
        ORDER BY member_id
        """,
        community_id=community_id,
        role_id=role_id,
    )
    return [row["member_id"] for row in rows]


async def add_reasons(tx: Tx, reasons: Sequence[Reason]) -> None:
    """Store reasons; one that exists gets the new end."""
    rows = [
        (
            each.community_id,
            each.member_id,
            each.place_id,
            each.role_id,
            each.name,
            each.reason,
            each.subject,
            each.at,
            each.until,
        )
        for each in reasons
    ]
    await tx.each(ADD_REASONS, rows)


async def drop_reasons(tx: Tx, reasons: Sequence[Reason]) -> None:
    rows = [(each.community_id, each.member_id, each.role_id, each.reason, each.subject) for each in reasons]
    await tx.each(DROP_REASONS, rows)


async def reasons_of(tx: Tx, community_id: int, member_ids: Sequence[int]) -> list[Reason]:
    """Why these members should hold their roles."""
    rows = await tx.each(REASONS_OF, [(community_id, member_id) for member_id in dict.fromkeys(member_ids)])
    return [Reason(**row) for row in rows]


async def ended(tx: Tx, community_id: int, now: int, limit: int) -> list[Reason]:
    """Reasons whose time is over; the one that ended first comes first."""
    rows = await tx.all(
        """
        SELECT community_id, member_id, place_id, role_id, name, reason, subject, at, until
        FROM role_reason
        WHERE community_id = :community_id AND until IS NOT NULL AND until <= :now
        ORDER BY until, member_id, role_id
        LIMIT :limit
        """,
        community_id=community_id,
        now=now,
        limit=limit,
    )
    return [Reason(**row) for row in rows]


async def due(tx: Tx, community_id: int, now: int) -> Due:
    """How many reasons are over, and how many have an end."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN until <= :now THEN 1 ELSE 0 END), 0) AS due
        FROM role_reason
        WHERE community_id = :community_id AND until IS NOT NULL
        """,
        community_id=community_id,
        now=now,
    )
    return Due(row["due"], row["total"]) if row else Due(0, 0)


async def note_changes(tx: Tx, changes: Sequence[RoleChange]) -> None:
    """Store the promised changes as the last ones for these roles."""
    rows = [
        (
            each.community_id,
            each.member_id,
            each.role_id,
            each.place_id,
            each.name,
            each.wanted,
            each.promise_id,
            each.at,
        )
        for each in changes
    ]
    await tx.each(NOTE_CHANGES, rows)


async def changes_of(tx: Tx, community_id: int, member_ids: Sequence[int]) -> list[RoleChange]:
    """The last change to each role of these members, with its outcome so far."""
    rows = await tx.each(CHANGES_OF, [(community_id, member_id) for member_id in dict.fromkeys(member_ids)])
    return [_change(row) for row in rows]


async def refused(tx: Tx, community_id: int, limit: int) -> list[RoleChange]:
    """Changes that the platform refused, unless the member is gone; the one tried longest ago comes first."""
    rows = await tx.all(
        """
        SELECT role_change.community_id, role_change.member_id, role_change.role_id, role_change.place_id,
               role_change.name, role_change.wanted, role_change.promise_id, role_change.at, promise.outcome,
               promise.error, promise.attempts, FALSE AS pending
        FROM role_change
        JOIN promise ON promise.community_id = role_change.community_id AND promise.id = role_change.promise_id
        WHERE role_change.community_id = :community_id AND promise.outcome = 'refused'
          AND promise.error NOT LIKE 'member_gone%'
        ORDER BY role_change.promise_id
        LIMIT :limit
        """,
        community_id=community_id,
        limit=limit,
    )
    return [_change(row) for row in rows]


async def forget(tx: Tx, community_id: int, role_id: str) -> None:
    """Delete a role that no longer exists, with its reasons and changes."""
    for statement in (
        "DELETE FROM member_role WHERE community_id = :community_id AND role_id = :role_id",
        "DELETE FROM role_reason WHERE community_id = :community_id AND role_id = :role_id",
        "DELETE FROM role_change WHERE community_id = :community_id AND role_id = :role_id",
    ):
        await tx.run(statement, community_id=community_id, role_id=role_id)


def _change(row: Row) -> RoleChange:
    truth = {key: bool(row[key]) for key in ("wanted", "pending")}  # SQLite stores truth as 0 and 1
    return RoleChange(**{**row, **truth})
