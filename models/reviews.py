"""Stores reports, the cases they make, and who reviews them; bot/care/reviews/ decides."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    community_id: int
    number: int
    #: the case is about one of these three
    question: int | None = None
    answer: int | None = None
    #: the cause of an ordinary message
    message: str | None = None
    author_id: int
    place_id: int | None = None
    opened_at: int
    claimed_by: int | None = None
    claimed_until: int | None = None
    #: keep, warn or remove
    verdict: str | None = None
    decided_by: int | None = None
    decided_at: int | None = None
    why: str | None = None
    #: JSON: how to undo the verdict
    undo: str | None = None
    appeal: str | None = None
    appealed_at: int | None = None
    #: upheld or overturned
    outcome: str | None = None
    settled_by: int | None = None
    settled_at: int | None = None

    @property
    def appealed(self) -> bool:
        """Whether it is appealed, and waits for another reviewer."""
        return self.appeal is not None and self.outcome is None

    @property
    def waits(self) -> bool:
        return self.verdict is None or self.appealed


class Report(NamedTuple):
    community_id: int
    #: of the case
    number: int
    member_id: int
    reason: str
    words: str
    at: int


class Record(NamedTuple):
    """The outcome of a member's reports."""

    judged: int
    #: reports that led to action
    held: int


class Sample(NamedTuple):
    """An answer, with the signs of its quality that members gave."""

    score: int
    accepted: bool
    length: int


COLUMNS: dict[str, str] = {
    "community_id": "BIGINT",
    "number": "BIGINT",
    "question": "BIGINT",
    "answer": "BIGINT",
    "message": "TEXT",
    "author_id": "BIGINT",
    "place_id": "BIGINT",
    "opened_at": "BIGINT",
    "claimed_by": "BIGINT",
    "claimed_until": "BIGINT",
    "verdict": "TEXT",
    "decided_by": "BIGINT",
    "decided_at": "BIGINT",
    "why": "TEXT",
    "undo": "TEXT",
    "appeal": "TEXT",
    "appealed_at": "BIGINT",
    "outcome": "TEXT",
    "settled_by": "BIGINT",
    "settled_at": "BIGINT",
}
PUT = Bulk(
    head="""
    INSERT INTO review_case (community_id, number, question, answer, message, author_id, place_id, opened_at,
                             claimed_by, claimed_until, verdict, decided_by, decided_at, why, undo, appeal, appealed_at,
                             outcome, settled_by, settled_at)
    """,
    columns=COLUMNS,
    tail="""
    ON CONFLICT (community_id, number) DO UPDATE
    SET claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until, verdict = excluded.verdict,
        decided_by = excluded.decided_by, decided_at = excluded.decided_at, why = excluded.why, undo = excluded.undo,
        appeal = excluded.appeal, appealed_at = excluded.appealed_at, outcome = excluded.outcome,
        settled_by = excluded.settled_by, settled_at = excluded.settled_at
    """,
)
REPORT = Bulk(
    head="INSERT INTO report (community_id, number, member_id, reason, words, at)",
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "member_id": "BIGINT",
        "reason": "TEXT",
        "words": "TEXT",
        "at": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, number, member_id) DO UPDATE SET reason = excluded.reason, words = excluded.words
    """,
)


async def put_case(tx: Tx, case: Case) -> None:
    """Store a new case, or update it."""
    await tx.each(PUT, [astuple(case)])


async def case(tx: Tx, community_id: int, number: int) -> Case | None:
    row = await tx.one(
        "SELECT * FROM review_case WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Case(**row) if row else None


async def undecided(tx: Tx, about: Case) -> Case | None:
    """The undecided case about the same thing."""
    row = await tx.one(
        """
        SELECT * FROM review_case
        WHERE community_id = :community_id AND verdict IS NULL
          AND (question = :question OR answer = :answer OR message = :message)
        """,
        community_id=about.community_id,
        question=about.question,
        answer=about.answer,
        message=about.message,
    )
    return Case(**row) if row else None


async def waiting(tx: Tx, community_id: int, limit: int) -> list[Case]:
    """Cases to decide, or to decide again, oldest first."""
    rows = await tx.all(
        """
        SELECT * FROM review_case
        WHERE community_id = :community_id AND (verdict IS NULL OR (appeal IS NOT NULL AND outcome IS NULL))
        ORDER BY number
        LIMIT :limit
        """,
        community_id=community_id,
        limit=limit,
    )
    return [Case(**row) for row in rows]


async def decided_of(tx: Tx, community_id: int, author_id: int) -> int:
    """How many verdicts against this member stand."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS found FROM review_case
        WHERE community_id = :community_id AND author_id = :author_id AND verdict IN ('warn', 'remove')
          AND (outcome IS NULL OR outcome = 'upheld')
        """,
        community_id=community_id,
        author_id=author_id,
    )
    return row["found"] if row else 0


async def put_report(tx: Tx, report: Report) -> None:
    """Store a report, one for each member; a second one replaces its words."""
    await tx.each(REPORT, [report])


async def reports(tx: Tx, community_id: int, number: int) -> list[Report]:
    """The reports, oldest first."""
    rows = await tx.all(
        """
        SELECT community_id, number, member_id, reason, words, at FROM report
        WHERE community_id = :community_id AND number = :number
        ORDER BY at, member_id
        """,
        community_id=community_id,
        number=number,
    )
    return [Report(**row) for row in rows]


async def reported_since(tx: Tx, community_id: int, member_id: int, since: int) -> int:
    row = await tx.one(
        """
        SELECT COUNT(*) AS found FROM report
        WHERE community_id = :community_id AND member_id = :member_id AND at >= :since
        """,
        community_id=community_id,
        member_id=member_id,
        since=since,
    )
    return row["found"] if row else 0


async def record_of(tx: Tx, community_id: int, member_id: int) -> Record:
    row = await tx.one(
        """
        SELECT COUNT(*) AS judged,
               CAST(COALESCE(SUM(
                   CASE WHEN verdict = 'keep' OR COALESCE(outcome, '') = 'overturned' THEN 0 ELSE 1 END
               ), 0) AS BIGINT) AS held
        FROM report
        JOIN review_case ON review_case.community_id = report.community_id AND review_case.number = report.number
        WHERE report.community_id = :community_id AND report.member_id = :member_id AND verdict IS NOT NULL
        """,
        community_id=community_id,
        member_id=member_id,
    )
    return Record(row["judged"], row["held"]) if row else Record(0, 0)


async def add_reviewer(tx: Tx, community_id: int, member_id: int) -> bool:
    """Add a reviewer; return whether they are new."""
    return bool(
        await tx.run(
            """
            INSERT INTO reviewer (community_id, member_id) VALUES (:community_id, :member_id) ON CONFLICT DO NOTHING
            """,
            community_id=community_id,
            member_id=member_id,
        )
    )


async def drop_reviewer(tx: Tx, community_id: int, member_id: int) -> bool:
    """Remove a reviewer; return whether they were one. Cases they claimed are free again when the claim ends."""
    return bool(
        await tx.run(
            "DELETE FROM reviewer WHERE community_id = :community_id AND member_id = :member_id",
            community_id=community_id,
            member_id=member_id,
        )
    )


async def reviewers(tx: Tx, community_id: int) -> list[int]:
    rows = await tx.all(
        "SELECT member_id FROM reviewer WHERE community_id = :community_id ORDER BY member_id",
        community_id=community_id,
    )
    return [row["member_id"] for row in rows]


async def samples(tx: Tx, community_id: int, limit: int) -> Sequence[Sample]:
    """The newest answers that are not deleted, with the members' votes."""
    rows = await tx.all(
        """
        SELECT LENGTH(body) AS length, CASE WHEN accepted_at IS NULL THEN 0 ELSE 1 END AS accepted, COALESCE((
            SELECT CAST(SUM(worth) AS BIGINT) FROM answer_vote
            WHERE answer_vote.community_id = answer.community_id AND answer_vote.answer = answer.number
        ), 0) AS score
        FROM answer
        WHERE community_id = :community_id AND deleted_at IS NULL
        ORDER BY number DESC
        LIMIT :limit
        """,
        community_id=community_id,
        limit=limit,
    )
    return [Sample(row["score"], bool(row["accepted"]), row["length"]) for row in rows]
