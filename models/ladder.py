"""Stores who works on a question, and the next step for a question that waits."""

from typing import NamedTuple

from models.store import Tx
from models.waiting import Due


class Claim(NamedTuple):
    """A member works on a question until a given time."""

    question: int
    member_id: int
    ends_at: int


class Step(NamedTuple):
    """The next step for a question that waits, and when it is due."""

    question: int
    #: helpers, call, bounty, still or stale
    rung: str
    due_at: int


async def put_claim(tx: Tx, community_id: int, claim: Claim) -> None:
    """Store the claim; replace any that exists."""
    await tx.run(
        """
        INSERT INTO claim (community_id, question, member_id, ends_at)
        VALUES (:community_id, :question, :member_id, :ends_at)
        ON CONFLICT (community_id, question) DO UPDATE SET member_id = excluded.member_id, ends_at = excluded.ends_at
        """,
        community_id=community_id,
        question=claim.question,
        member_id=claim.member_id,
        ends_at=claim.ends_at,
    )


async def claim(tx: Tx, community_id: int, question: int, now: int) -> Claim | None:
    """The claim of the member who still works on it."""
    row = await tx.one(
        """
        SELECT question, member_id, ends_at FROM claim
        WHERE community_id = :community_id AND question = :question AND ends_at > :now
        """,
        community_id=community_id,
        question=question,
        now=now,
    )
    return Claim(row["question"], row["member_id"], row["ends_at"]) if row else None


async def forget_claim(tx: Tx, community_id: int, question: int) -> None:
    await tx.run(
        "DELETE FROM claim WHERE community_id = :community_id AND question = :question",
        community_id=community_id,
        question=question,
    )


async def put_step(tx: Tx, community_id: int, step: Step) -> None:
    """Store the step; replace any that exists."""
    await tx.run(
        """
        INSERT INTO climb (community_id, question, rung, due_at) VALUES (:community_id, :question, :rung, :due_at)
        ON CONFLICT (community_id, question) DO UPDATE SET rung = excluded.rung, due_at = excluded.due_at
        """,
        community_id=community_id,
        question=step.question,
        rung=step.rung,
        due_at=step.due_at,
    )


async def step(tx: Tx, community_id: int, question: int) -> Step | None:
    row = await tx.one(
        "SELECT question, rung, due_at FROM climb WHERE community_id = :community_id AND question = :question",
        community_id=community_id,
        question=question,
    )
    return Step(row["question"], row["rung"], row["due_at"]) if row else None


async def forget_step(tx: Tx, community_id: int, question: int) -> None:
    await tx.run(
        "DELETE FROM climb WHERE community_id = :community_id AND question = :question",
        community_id=community_id,
        question=question,
    )


async def due(tx: Tx, community_id: int, rung: str, now: int) -> Due:
    """How many questions are due for this step now, and how many wait for any step."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN rung = :rung AND due_at <= :now THEN 1 ELSE 0 END), 0) AS due
        FROM climb
        WHERE community_id = :community_id
        """,
        community_id=community_id,
        rung=rung,
        now=now,
    )
    return Due(row["due"], row["total"]) if row else Due(0, 0)


async def overdue(tx: Tx, community_id: int, before: int, limit: int) -> list[Step]:
    """Steps that were due before this moment, longest due first."""
    rows = await tx.all(
        """
        SELECT question, rung, due_at FROM climb
        WHERE community_id = :community_id AND due_at < :before
        ORDER BY due_at, question
        LIMIT :limit
        """,
        community_id=community_id,
        before=before,
        limit=limit,
    )
    return [Step(row["question"], row["rung"], row["due_at"]) for row in rows]
