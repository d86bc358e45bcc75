"""Reads what may be published page by page, since archives can be large; bot/knowledge/archive/ decides what may."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from models.circles import READ, names
from models.questions import Question, Standing, read_answer
from models.store import Bulk, Tx


class Called(NamedTuple):
    """A member's name, and their choice about publishing."""

    id: int
    name: str
    choice: str | None


ANSWERS = Bulk(
    head="WITH wanted (community_id, question) AS (",
    columns={"community_id": "BIGINT", "question": "BIGINT"},
    tail="""
    )
    SELECT answer.*, COALESCE((
        SELECT CAST(SUM(worth) AS BIGINT) FROM answer_vote
        WHERE answer_vote.community_id = answer.community_id AND answer_vote.answer = answer.number
    ), 0) AS score
    FROM wanted
    JOIN answer ON answer.community_id = wanted.community_id AND answer.question = wanted.question
    WHERE answer.deleted_at IS NULL
    ORDER BY answer.question, CASE WHEN answer.accepted_at IS NULL THEN 1 ELSE 0 END, score DESC, answer.number
    """,
)
CALLED = Bulk(
    head="WITH wanted (community_id, id) AS (",
    columns={"community_id": "BIGINT", "id": "BIGINT"},
    tail="""
    )
    SELECT member.id, member.name, consent.choice
    FROM wanted
    JOIN member ON member.community_id = wanted.community_id AND member.id = wanted.id
    LEFT JOIN consent ON consent.community_id = member.community_id AND consent.member_id = member.id
    """,
)


async def answered(tx: Tx, community_id: int, after: int, limit: int, circles: Collection[str]) -> list[Question]:
    """Answered questions that everybody reads, or that these circles read, by number."""
    rows = await tx.all(
        """
        SELECT * FROM question
        WHERE community_id = :community_id AND number > :after AND state IN ('solved', 'answered')
        """
        + READ
        + "ORDER BY number LIMIT :limit",
        circles=names(circles),
        community_id=community_id,
        after=after,
        limit=limit,
    )
    return [Question(**row) for row in rows]


async def answers(tx: Tx, community_id: int, questions: Sequence[int]) -> dict[int, list[Standing]]:
    """Answers by question: accepted ones first, then by score."""
    found: dict[int, list[Standing]] = {}
    for row in await tx.each(ANSWERS, [(community_id, number) for number in dict.fromkeys(questions)]):
        found.setdefault(row["question"], []).append(Standing(read_answer(row), row["score"]))
    return found


async def called(tx: Tx, community_id: int, member_ids: Sequence[int]) -> dict[int, Called]:
    """These members, by their ids."""
    rows = await tx.each(CALLED, [(community_id, each) for each in dict.fromkeys(member_ids)])
    return {row["id"]: Called(**row) for row in rows}


async def everybody(tx: Tx, community_id: int, after: int, limit: int) -> list[Called]:
    """All members except bots, by id."""
    rows = await tx.all(
        """
        SELECT member.id, member.name, consent.choice
        FROM member
        LEFT JOIN consent ON consent.community_id = member.community_id AND consent.member_id = member.id
        WHERE member.community_id = :community_id AND member.id > :after AND NOT member.bot
        ORDER BY member.id
        LIMIT :limit
        """,
        community_id=community_id,
        after=after,
        limit=limit,
    )
    return [Called(**row) for row in rows]
