"""Stores bounties on questions; ledger.py keeps the points in escrow, and bot/ decides who gets them."""

from dataclasses import astuple, dataclass

from models.store import Bulk, Tx
from models.waiting import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounty:
    community_id: int
    number: int
    question: int
    owner_id: int
    amount: int
    placed_at: int
    #: when its owner is asked to award it; a grace day later the owner can no longer decide
    ends_at: int
    closed_at: int | None = None
    #: awarded, halved or returned
    outcome: str | None = None

    @property
    def subject(self) -> str:
        """The subject under which the ledger keeps the stake."""
        return f"bounty:{self.number}"


PLACE = Bulk(
    head="""
    INSERT INTO bounty (community_id, number, question, owner_id, amount, placed_at, ends_at, closed_at, outcome)
    """,
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "question": "BIGINT",
        "owner_id": "BIGINT",
        "amount": "BIGINT",
        "placed_at": "BIGINT",
        "ends_at": "BIGINT",
        "closed_at": "BIGINT",
        "outcome": "TEXT",
    },
)


async def place(tx: Tx, bounty: Bounty) -> None:
    await tx.each(PLACE, [astuple(bounty)])


async def bounty(tx: Tx, community_id: int, number: int) -> Bounty | None:
    row = await tx.one(
        "SELECT * FROM bounty WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Bounty(**row) if row else None


async def open_on(tx: Tx, community_id: int, question: int) -> Bounty | None:
    row = await tx.one(
        "SELECT * FROM bounty WHERE community_id = :community_id AND question = :question AND closed_at IS NULL",
        community_id=community_id,
        question=question,
    )
    return Bounty(**row) if row else None


async def overdue(tx: Tx, community_id: int, before: int) -> list[Bounty]:
    """Bounties that are still open, though they ended before this moment."""
    rows = await tx.all(
        """
        SELECT * FROM bounty
        WHERE community_id = :community_id AND closed_at IS NULL AND ends_at < :before
        ORDER BY number
        """,
        community_id=community_id,
        before=before,
    )
    return [Bounty(**row) for row in rows]


async def due(tx: Tx, community_id: int, before: int) -> Due:
    """How many open bounties have ended by this moment, and how many are open."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN ends_at <= :before THEN 1 ELSE 0 END), 0) AS due
        FROM bounty
        WHERE community_id = :community_id AND closed_at IS NULL
        """,
        community_id=community_id,
        before=before,
    )
    return Due(row["due"], row["total"]) if row else Due(0, 0)


async def close(tx: Tx, community_id: int, number: int, outcome: str, now: int) -> bool:
    """Close it; return whether it was open, so that it is closed only once."""
    changed = await tx.run(
        """
        UPDATE bounty SET closed_at = :now, outcome = :outcome
        WHERE community_id = :community_id AND number = :number AND closed_at IS NULL
        """,
        community_id=community_id,
        number=number,
        outcome=outcome,
        now=now,
    )
    return changed > 0
