"""Stores who works on a question, and the next step for a question that waits."""

from typing import NamedTuple

from models.store import Tx
from models.waiting import Due


class Claim(NamedTuple):
    """A member works on a question until a given time."""

    question: int
    member_id: int
    ends_at: int
    #: when it was given back
    released_at: int | None = None


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
        INSERT INTO claim (community_id, question, member_id, ends_at, released_at)
        VALUES (:community_id, :question, :member_id, :ends_at, :released_at)
        ON CONFLICT (community_id, question) DO UPDATE
        SET member_id = excluded.member_id, ends_at = excluded.ends_at, released_at = excluded.released_at
        """,
        community_id=community_id,
        question=claim.question,
        member_id=claim.member_id,
        ends_at=claim.ends_at,
        released_at=claim.released_at,
    )


async def claim(tx: Tx, community_id: int, question: int, now: int) -> Claim | None:
    """The claim of the member who still works on it."""
    found = await latest_claim(tx, community_id, question)
    return found if found and found.ends_at > now and found.released_at is None else None


async def latest_claim(tx: Tx, community_id: int, question: int) -> Claim | None:
    """The last claim since the question waits, even if it is over."""
    row = await tx.one(
        """
        SELECT question, member_id, ends_at, released_at FROM claim
        WHERE community_id = :community_id AND question = :question
        """,
        community_id=community_id,
        question=question,
    )
    return Claim(row["question"], row["member_id"], row["ends_at"], row["released_at"]) if row else None


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


async def stranded(tx: Tx, community_id: int, limit: int) -> list[int]:
    """Questions that wait without a next step, oldest first."""
    rows = await tx.all(
        """
        SELECT number FROM question
        WHERE community_id = :community_id AND state IN ('open', 'answered') AND NOT EXISTS (
            SELECT 1 FROM climb WHERE climb.community_id = question.community_id AND climb.question = question.number
        )
        ORDER BY number
        LIMIT :limit
        """,
        community_id=community_id,
        limit=limit,
    )
    return [row["number"] for row in rows]


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
