"""Bounties on questions; the points in escrow are left to ledger.py, who gets them to bot/."""

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
    #: when its owner is asked to award it; what happens a grace day later is not theirs to say
    ends_at: int
    closed_at: int | None = None
    #: awarded, halved or returned
    outcome: str | None = None

    @property
    def subject(self) -> str:
        """Under which the ledger keeps what is staked."""
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
    """Open still, though they ended before this."""
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
    """How many of the open ones ended before this."""
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
    """Whether it was open, so that it is closed once."""
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
