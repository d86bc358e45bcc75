"""Stores questions, their answers and the votes on them; bot/knowledge/questions/ decides what follows."""

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.circles import READ, names
from models.search import containing
from models.store import Bulk, Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    community_id: int
    #: the number by which members refer to it
    number: int
    #: its id in the search index
    id: int
    asker_id: int
    place_id: int
    title: str
    body: str
    #: separated by blanks
    tags: str
    asked_at: int
    #: draft, open, answered, solved, duplicate, stale, closed or deleted
    state: str
    #: the question that it duplicates
    same_as: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    community_id: int
    number: int
    question: int
    author_id: int
    body: str
    answered_at: int
    accepted_at: int | None = None
    deleted_at: int | None = None
    #: taken from a message by its looks; nobody has said yet that it is one
    guessed: bool = False


class Standing(NamedTuple):
    """An answer with its votes."""

    answer: Answer
    #: votes for it, minus votes against it
    score: int


class Found(NamedTuple):
    """A question as lists show it."""

    question: Question
    answers: int
    #: the score of its best answer
    score: int


class Pace(NamedTuple):
    """How questions went since some time."""

    asked: int
    #: answered by another member than the asker
    answered: int
    solved: int
    #: median of the milliseconds until that answer came
    median: int | None


ASK = Bulk(
    head="""
    INSERT INTO question (community_id, number, id, asker_id, place_id, title, body, tags, asked_at, state, same_as)
    """,
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "id": "BIGINT",
        "asker_id": "BIGINT",
        "place_id": "BIGINT",
        "title": "TEXT",
        "body": "TEXT",
        "tags": "TEXT",
        "asked_at": "BIGINT",
        "state": "TEXT",
        "same_as": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, number) DO UPDATE
    SET title = excluded.title, body = excluded.body, tags = excluded.tags, state = excluded.state,
        same_as = excluded.same_as, asked_at = excluded.asked_at
    """,
)
ANSWER = Bulk(
    head="""
    INSERT INTO answer (community_id, number, question, author_id, body, answered_at, accepted_at, deleted_at, guessed)
    """,
    columns={
        "community_id": "BIGINT",
        "number": "BIGINT",
        "question": "BIGINT",
        "author_id": "BIGINT",
        "body": "TEXT",
        "answered_at": "BIGINT",
        "accepted_at": "BIGINT",
        "deleted_at": "BIGINT",
        "guessed": "BOOLEAN",
    },
    tail="""
    ON CONFLICT (community_id, number) DO UPDATE
    SET body = excluded.body, accepted_at = excluded.accepted_at, deleted_at = excluded.deleted_at,
        guessed = excluded.guessed
    """,
)
SHOW = Bulk(
    head="WITH wanted (community_id, number) AS (",
    columns={"community_id": "BIGINT", "number": "BIGINT"},
    tail="""
    )
    SELECT question.*, COALESCE(liked.answers, 0) AS answers, COALESCE(liked.best, 0) AS best
    FROM wanted
    JOIN question ON question.community_id = wanted.community_id AND question.number = wanted.number
    LEFT JOIN (
        SELECT scored.community_id, scored.question, COUNT(*) AS answers, CAST(MAX(scored.score) AS BIGINT) AS best
        FROM (
            SELECT answer.community_id, answer.question, answer.number, COALESCE(SUM(answer_vote.worth), 0) AS score
            FROM wanted AS asked
            JOIN answer ON answer.community_id = asked.community_id AND answer.question = asked.number
            LEFT JOIN answer_vote ON answer_vote.community_id = answer.community_id
              AND answer_vote.answer = answer.number
            WHERE answer.deleted_at IS NULL
            GROUP BY answer.community_id, answer.question, answer.number
        ) AS scored
        GROUP BY scored.community_id, scored.question
    ) AS liked ON liked.community_id = question.community_id AND liked.question = question.number
    """,
)


async def put_question(tx: Tx, question: Question) -> None:
    """Store a new question, or update it."""
    await tx.each(ASK, [astuple(question)])


async def question(tx: Tx, community_id: int, number: int) -> Question | None:
    row = await tx.one(
        "SELECT * FROM question WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return Question(**row) if row else None


async def shown(tx: Tx, community_id: int, numbers: Sequence[int]) -> list[Found]:
    """The questions in the order in which they were asked for."""
    rows = await tx.each(SHOW, [(community_id, number) for number in dict.fromkeys(numbers)])
    found = {row["number"]: row for row in rows}
    return [_found(found[number]) for number in dict.fromkeys(numbers) if number in found]


async def waiting(
    tx: Tx, community_id: int, before: int, limit: int, circles: Collection[str], tag: str = ""
) -> list[int]:
    """Questions without any answer that these circles read, newest first."""
    rows = await tx.all(
        """
        SELECT number FROM question
        WHERE community_id = :community_id AND state = 'open' AND number < :before
          AND ' ' || tags || ' ' LIKE :tagged ESCAPE '!'
        """
        + READ
        + "ORDER BY number DESC LIMIT :limit",
        circles=names(circles),
        community_id=community_id,
        before=before,
        limit=limit,
        tagged=containing(f" {tag} ") if tag else "%",
    )
    return [row["number"] for row in rows]


async def asked_by(tx: Tx, community_id: int, member_id: int, before: int, limit: int) -> list[int]:
    """The asker's questions, newest first."""
    rows = await tx.all(
        """
        SELECT number FROM question
        WHERE community_id = :community_id AND asker_id = :member_id AND number < :before
          AND state NOT IN ('draft', 'deleted')
        ORDER BY number DESC
        LIMIT :limit
        """,
        community_id=community_id,
        member_id=member_id,
        before=before,
        limit=limit,
    )
    return [row["number"] for row in rows]


async def asked_before(tx: Tx, question: Question) -> bool:
    """Whether the asker posted another question before, even if it is gone."""
    row = await tx.one(
        """
        SELECT 1 AS found FROM question
        WHERE community_id = :community_id AND asker_id = :asker_id AND number < :number AND state <> 'draft'
        LIMIT 1
        """,
        community_id=question.community_id,
        asker_id=question.asker_id,
        number=question.number,
    )
    return row is not None


async def latest(tx: Tx, community_id: int, limit: int, circles: Collection[str]) -> list[int]:
    """Questions that can still be answered and that these circles read, newest first."""
    rows = await tx.all(
        """
        SELECT number FROM question
        WHERE community_id = :community_id AND state IN ('open', 'answered', 'solved')
        """
        + READ
        + "ORDER BY number DESC LIMIT :limit",
        circles=names(circles),
        community_id=community_id,
        limit=limit,
    )
    return [row["number"] for row in rows]


async def pace(tx: Tx, community_id: int, since: int, circles: Collection[str]) -> Pace:
    """The pace of the questions that these circles read."""
    row = await tx.one(
        """
        WITH fared AS (
            SELECT question.number, question.state, (
                SELECT MIN(answer.answered_at) FROM answer
                WHERE answer.community_id = question.community_id AND answer.question = question.number
                  AND answer.author_id <> question.asker_id AND answer.deleted_at IS NULL
            ) - question.asked_at AS wait
            FROM question
            WHERE question.community_id = :community_id AND question.asked_at >= :since
              AND question.state NOT IN ('draft', 'deleted')
        """
        + READ
        + """
        ), ranked AS (
            SELECT wait, ROW_NUMBER() OVER (ORDER BY wait, number) AS at, COUNT(*) OVER () AS answered
            FROM fared WHERE wait IS NOT NULL
        )
        SELECT (SELECT COUNT(*) FROM fared) AS asked, (SELECT COUNT(*) FROM ranked) AS answered,
               (SELECT COUNT(*) FROM fared WHERE state = 'solved') AS solved,
               (SELECT wait FROM ranked WHERE at = (answered + 1) / 2) AS median
        """,
        community_id=community_id,
        since=since,
        circles=names(circles),
    )
    return Pace(row["asked"], row["answered"], row["solved"], row["median"]) if row else Pace(0, 0, 0, None)


async def count_waiting(tx: Tx, community_id: int, circles: Collection[str]) -> int:
    """Questions without any answer that these circles read."""
    row = await tx.one(
        "SELECT COUNT(*) AS found FROM question WHERE community_id = :community_id AND state = 'open'" + READ,
        community_id=community_id,
        circles=names(circles),
    )
    return row["found"] if row else 0


async def forget_drafts(tx: Tx, community_id: int, before: int) -> int:
    """Delete questions that were never posted; return how many."""
    return await tx.run(
        "DELETE FROM question WHERE community_id = :community_id AND state = 'draft' AND asked_at < :before",
        community_id=community_id,
        before=before,
    )


async def put_answer(tx: Tx, answer: Answer) -> None:
    """Store a new answer, or update it."""
    await tx.each(ANSWER, [astuple(answer)])


async def answer(tx: Tx, community_id: int, number: int) -> Answer | None:
    row = await tx.one(
        "SELECT * FROM answer WHERE community_id = :community_id AND number = :number",
        community_id=community_id,
        number=number,
    )
    return read_answer(row) if row else None


async def answers_of(tx: Tx, community_id: int, question: int) -> list[Standing]:
    """Accepted answers first, then by score; without deleted ones."""
    rows = await tx.all(
        """
        SELECT answer.*, COALESCE((
            SELECT CAST(SUM(worth) AS BIGINT) FROM answer_vote
            WHERE answer_vote.community_id = answer.community_id AND answer_vote.answer = answer.number
        ), 0) AS score
        FROM answer
        WHERE community_id = :community_id AND question = :question AND deleted_at IS NULL
        ORDER BY CASE WHEN accepted_at IS NULL THEN 1 ELSE 0 END, score DESC, number
        """,
        community_id=community_id,
        question=question,
    )
    return [_standing(row) for row in rows]


async def vote(tx: Tx, community_id: int, answer: int, member_id: int) -> int:
    """This member's vote: 1, -1, or 0 if there is none."""
    row = await tx.one(
        """
        SELECT worth FROM answer_vote
        WHERE community_id = :community_id AND answer = :answer AND member_id = :member_id
        """,
        community_id=community_id,
        answer=answer,
        member_id=member_id,
    )
    return row["worth"] if row else 0


async def put_vote(tx: Tx, community_id: int, answer: int, member_id: int, worth: int, now: int) -> int:
    """Store a member's one vote; 0 removes it. Returns when the vote that it replaces was given, or 0."""
    before = await tx.one(
        """
        DELETE FROM answer_vote WHERE community_id = :community_id AND answer = :answer AND member_id = :member_id
        RETURNING at
        """,
        community_id=community_id,
        answer=answer,
        member_id=member_id,
    )
    if worth:
        await tx.run(
            """
            INSERT INTO answer_vote (community_id, answer, member_id, worth, at)
            VALUES (:community_id, :answer, :member_id, :worth, :now)
            """,
            community_id=community_id,
            answer=answer,
            member_id=member_id,
            worth=worth,
            now=now,
        )
    return before["at"] if before else 0


async def voters(tx: Tx, community_id: int, answer: int) -> list[tuple[int, int]]:
    """The members who voted for it, and when."""
    rows = await tx.all(
        """
        SELECT member_id, at FROM answer_vote
        WHERE community_id = :community_id AND answer = :answer AND worth > 0
        ORDER BY member_id
        """,
        community_id=community_id,
        answer=answer,
    )
    return [(row["member_id"], row["at"]) for row in rows]


async def score(tx: Tx, community_id: int, answer: int) -> int:
    row = await tx.one(
        """
        SELECT COALESCE(CAST(SUM(worth) AS BIGINT), 0) AS score FROM answer_vote
        WHERE community_id = :community_id AND answer = :answer
        """,
        community_id=community_id,
        answer=answer,
    )
    return row["score"] if row else 0


def _found(row: Row) -> Found:
    facts = {key: row[key] for key in Question.__slots__}
    return Found(Question(**facts), row["answers"], row["best"])


def _standing(row: Row) -> Standing:
    return Standing(read_answer(row), row["score"])


def read_answer(row: Row) -> Answer:
    """SQLite stores truth as 0 and 1."""
    return Answer(**{key: row[key] for key in Answer.__slots__} | {"guessed": bool(row["guessed"])})
