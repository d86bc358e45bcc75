"""Stores what waits because too much would end at once; bot/community/endings/ decides how much that is."""

from dataclasses import dataclass
from typing import NamedTuple

from models.store import Tx


class Due(NamedTuple):
    """How many would end now, and how many have an end."""

    due: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    community_id: int
    what: str
    #: as staff were told
    due: int
    total: int
    #: when they were told
    since: int
    #: how many staff let end, and when
    allowed: int
    allowed_at: int


async def find(tx: Tx, community_id: int, what: str) -> Waiting | None:
    row = await tx.one(
        "SELECT * FROM waiting WHERE community_id = :community_id AND what = :what",
        community_id=community_id,
        what=what,
    )
    return Waiting(**row) if row else None


async def wait(tx: Tx, community_id: int, what: str, due: Due, now: int) -> None:
    """Wait from now on; if it waits already, what staff were told stays as it was."""
    await tx.run(
        """
        INSERT INTO waiting (community_id, what, due, total, since, allowed, allowed_at)
        VALUES (:community_id, :what, :due, :total, :now, 0, 0)
        ON CONFLICT (community_id, what) DO NOTHING
        """,
        community_id=community_id,
        what=what,
        due=due.due,
        total=due.total,
        now=now,
    )


async def allow(tx: Tx, community_id: int, what: str, now: int) -> None:
    """Let as many end as staff were told of, even if more are due now."""
    await tx.run(
        """
        UPDATE waiting SET allowed = due, allowed_at = :now WHERE community_id = :community_id AND what = :what
        """,
        community_id=community_id,
        what=what,
        now=now,
    )


async def forget(tx: Tx, community_id: int, what: str) -> None:
    await tx.run(
        "DELETE FROM waiting WHERE community_id = :community_id AND what = :what", community_id=community_id, what=what
    )


async def all_waiting(tx: Tx) -> list[Waiting]:
    rows = await tx.all("SELECT * FROM waiting ORDER BY community_id, what")
    return [Waiting(**row) for row in rows]
