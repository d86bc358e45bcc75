"""Stores when each job last ran in each community; the clock decides when it runs next."""

from collections.abc import Iterable

from models.store import Bulk, Tx

MARK = Bulk(
    head="INSERT INTO rung (community_id, job, at)",
    columns={"community_id": "BIGINT", "job": "TEXT", "at": "BIGINT"},
    tail="ON CONFLICT (community_id, job) DO UPDATE SET at = excluded.at",
)


async def last(tx: Tx, job: str) -> dict[int, int]:
    """By community."""
    rows = await tx.all("SELECT community_id, at FROM rung WHERE job = :job", job=job)
    return {row["community_id"]: row["at"] for row in rows}


async def mark(tx: Tx, community_ids: Iterable[int], job: str, at: int) -> None:
    await tx.each(MARK, [(community_id, job, at) for community_id in community_ids])
