"""Stores tables of changes to points, which are handed in and checked before they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    community_id: int
    number: int
    #: the member who handed it in; nobody else may apply it
    owner_id: int
    made_at: int
    #: shown, dropped, applied or undone
    state: str
    #: when it entered this state
    changed_at: int


class Line(NamedTuple):
    community_id: int
    batch: int
    #: the line's number in the table
    line: int
    member_id: int
    #: never 0; negative when points are taken
    amount: int
    why: str


ADD_LINES = Bulk(
    head="INSERT INTO batch_line (community_id, batch, line, member_id, amount, why)",
    columns={
        "community_id": "BIGINT",
        "batch": "BIGINT",
        "line": "BIGINT",
        "member_id": "BIGINT",
        "amount": "BIGINT",
        "why": "TEXT",
    },
)


async def add(tx: Tx, batch: Batch, lines: Sequence[Line]) -> None:
    await tx.run(
        """
        INSERT INTO batch (community_id, number, owner_id, made_at, state, changed_at)
        VALUES (:community_id, :number, :owner_id, :made_at, :state, :changed_at)
        """,
        community_id=batch.community_id,
        number=batch.number,
        owner_id=batch.owner_id,
        made_at=batch.made_at,
        state=batch.state,
        changed_at=batch.changed_at,
    )
    await tx.each(ADD_LINES, lines)


async def batch(tx: Tx, community_id: int, number: int) -> Batch | None:
    row = await tx.one(
        "SELECT * FROM batch WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Batch(**row) if row else None


async def lines(tx: Tx, community_id: int, number: int) -> list[Line]:
    rows = await tx.all(
        "SELECT * FROM batch_line WHERE community_id = :community_id AND batch = :number ORDER BY line",
        community_id=community_id,
        number=number,
    )
    return [Line(**row) for row in rows]


async def change(tx: Tx, community_id: int, number: int, before: str, state: str, now: int) -> bool:
    """Change its state; return whether it was still in the one before, so that only one of two presses works."""
    changed = await tx.run(
        """
        UPDATE batch SET state = :state, changed_at = :now
        WHERE community_id = :community_id AND number = :number AND state = :before
        """,
        community_id=community_id,
        number=number,
        before=before,
        state=state,
        now=now,
    )
    return changed > 0


async def forget_lines(tx: Tx, community_id: int, before: int) -> int:
    """Delete the lines of tables that did not change since then, and return how many: the ledger keeps their effect."""
    return await tx.run(
        """
        DELETE FROM batch_line
        WHERE community_id = :community_id AND batch IN (
            SELECT number FROM batch WHERE community_id = :community_id AND changed_at < :before
        )
        """,
        community_id=community_id,
        before=before,
    )
