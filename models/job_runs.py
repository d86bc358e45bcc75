"""Stores when each job last ran in each community; the clock decides when it runs next."""

from models.store import Tx


async def last(tx: Tx) -> dict[tuple[int, str], int]:
    rows = await tx.all("SELECT community_id, job, at FROM rung")
    return {(row["community_id"], row["job"]): row["at"] for row in rows}


async def mark(tx: Tx, community_id: int, job: str, at: int) -> None:
    await tx.run(
        """
        INSERT INTO rung (community_id, job, at) VALUES (:community_id, :job, :at)
        ON CONFLICT (community_id, job) DO UPDATE SET at = excluded.at
        """,
        community_id=community_id,
        job=job,
        at=at,
    )
