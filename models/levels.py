"""Stores each member's last known level, the roles that levels bring, and how far a resync has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.ids import born
from models.store import Bulk, Tx

#: the lowest possible score
LOWEST = -(10**15)


class LevelRole(NamedTuple):
    community_id: int
    level: int
    place_id: int
    role_id: str
    name: str


class Climber(NamedTuple):
    """A member whose score may belong to another level than their last known one."""

    member_id: int
    score: int
    #: None if we never looked
    level: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resync:
    community_id: int
    begun_at: int
    ended_at: int | None
    #: members up to this one are done
    last_member_id: int
    done: int
    total: int
    changed: int


FOUND = Bulk(
    head="INSERT INTO member_level (community_id, member_id, level, from_score, next_score)",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "level": "BIGINT",
        "from_score": "BIGINT",
        "next_score": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, member_id) DO UPDATE
    SET level = excluded.level, from_score = excluded.from_score, next_score = excluded.next_score
    """,
)


async def unseen(tx: Tx, community_id: int) -> tuple[int, int] | None:
    """The settled entries not yet checked for levels: after the first id, up to the second."""
    row = await tx.one(
        """
        SELECT levelled_id, settled_id FROM ledger
        WHERE community_id = :community_id AND levelled_id < settled_id
        """,
        community_id=community_id,
    )
    return (row["levelled_id"], row["settled_id"]) if row else None


async def last_look(tx: Tx, community_id: int) -> int:
    """When the last checked entry was written, in epoch milliseconds."""
    row = await tx.one("SELECT levelled_id FROM ledger WHERE community_id = :community_id", community_id=community_id)
    return born(row["levelled_id"]) if row else 0


async def climbers(tx: Tx, community_id: int, span: tuple[int, int], first: int, limit: int) -> list[Climber]:
    """Members that these entries took across a level; `first` is the score of level 1, for members never checked."""
    rows = await tx.all(
        """
        WITH pending AS MATERIALIZED (
            SELECT member_id FROM entry
            WHERE community_id = :community_id AND id > :after AND id <= :upto AND counts
        )
        SELECT standing.member_id, standing.score, member_level.level
        FROM (SELECT DISTINCT member_id FROM pending) AS mover
        CROSS JOIN standing
        LEFT JOIN member_level ON member_level.community_id = standing.community_id
                              AND member_level.member_id = standing.member_id
        WHERE standing.community_id = :community_id AND standing.member_id = mover.member_id
          AND (standing.score >= COALESCE(member_level.next_score, :first) OR standing.score < member_level.from_score)
        ORDER BY standing.member_id
        LIMIT :limit
        """,
        community_id=community_id,
        after=span[0],
        upto=span[1],
        first=first,
        limit=limit,
    )
    return [Climber(**row) for row in rows]


async def seen(tx: Tx, community_id: int, upto: int) -> None:
    await tx.run(
        "UPDATE ledger SET levelled_id = :upto WHERE community_id = :community_id",
        upto=upto,
        community_id=community_id,
    )


async def found(tx: Tx, rows: Sequence[tuple[int, int, int, int, int]]) -> None:
    """Rows are (community, member, level, the score it begins at, the score the next one takes)."""
    await tx.each(FOUND, rows)


async def add_role(tx: Tx, role: LevelRole) -> None:
    await tx.run(
        """
        INSERT INTO level_role (community_id, level, place_id, role_id, name)
        VALUES (:community_id, :level, :place_id, :role_id, :name)
        ON CONFLICT (community_id, level, role_id) DO UPDATE SET name = excluded.name
        """,
        **role._asdict(),
    )


async def remove_role(tx: Tx, community_id: int, role_id: str, level: int | None = None) -> int:
    """Remove the role from one level, or from all; return how many there were."""
    return await tx.run(
        """
        DELETE FROM level_role
        WHERE community_id = :community_id AND role_id = :role_id
          AND (CAST(:level AS BIGINT) IS NULL OR level = :level)
        """,
        community_id=community_id,
        role_id=role_id,
        level=level,
    )


async def level_roles(tx: Tx, community_id: int) -> list[LevelRole]:
    rows = await tx.all(
        """
        SELECT community_id, level, place_id, role_id, name FROM level_role
        WHERE community_id = :community_id
        ORDER BY level, role_id
        """,
        community_id=community_id,
    )
    return [LevelRole(**row) for row in rows]


async def begin_resync(tx: Tx, community_id: int, now: int) -> None:
    """Start from the beginning, even if a resync is under way: that one used other rules."""
    await tx.run(
        """
        INSERT INTO resync (community_id, begun_at, ended_at, last_member_id, done, total, changed)
        SELECT CAST(:community_id AS BIGINT), CAST(:now AS BIGINT), NULL, 0, 0, COUNT(*), 0
        FROM standing
        WHERE community_id = :community_id
        ON CONFLICT (community_id) DO UPDATE
        SET begun_at = excluded.begun_at, ended_at = NULL, last_member_id = 0, done = 0, total = excluded.total,
            changed = 0
        """,
        community_id=community_id,
        now=now,
    )


async def resync(tx: Tx, community_id: int) -> Resync | None:
    """The resync under way, or the last one."""
    row = await tx.one(
        """
        SELECT community_id, begun_at, ended_at, last_member_id, done, total, changed FROM resync
        WHERE community_id = :community_id
        """,
        community_id=community_id,
    )
    return Resync(**row) if row else None


async def next_page(tx: Tx, community_id: int, after: int, limit: int) -> list[Climber]:
    """The next page of members who have a standing, by id."""
    rows = await tx.all(
        """
        SELECT standing.member_id, standing.score, member_level.level
        FROM standing
        LEFT JOIN member_level ON member_level.community_id = standing.community_id
                              AND member_level.member_id = standing.member_id
        WHERE standing.community_id = :community_id AND standing.member_id > :after
        ORDER BY standing.member_id
        LIMIT :limit
        """,
        community_id=community_id,
        after=after,
        limit=limit,
    )
    return [Climber(**row) for row in rows]


async def keep_resync(tx: Tx, state: Resync) -> None:
    await tx.run(
        """
        UPDATE resync
        SET ended_at = :ended_at, last_member_id = :last_member_id, done = :done, total = :total, changed = :changed
        WHERE community_id = :community_id
        """,
        community_id=state.community_id,
        ended_at=state.ended_at,
        last_member_id=state.last_member_id,
        done=state.done,
        total=max(state.total, state.done),
        changed=state.changed,
    )
