"""Who wants to be asked, who was, and what became of their answers; whom to ask is left to bot/experts/."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.store import Bulk, Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A member who wants to be asked."""

    community_id: int
    member_id: int
    #: parted by blanks; none for whatever it is about
    tags: str
    #: questions they are asked about in a day
    daily: int
    #: full hours on their own clock; the same twice for never
    quiet_from: int
    quiet_until: int
    #: since a private message to them was refused
    unreachable_at: int | None = None


class Deed(NamedTuple):
    """An answer that was given to somebody else's question, and what became of it."""

    member_id: int
    title: str
    tags: str
    at: int
    accepted: bool
    #: votes for it, less those against it
    score: int


PUT = Bulk(
    head="INSERT INTO helper (community_id, member_id, tags, daily, quiet_from, quiet_until, unreachable_at)",
    columns={
        "community_id": "BIGINT",
        "member_id": "BIGINT",
        "tags": "TEXT",
        "daily": "BIGINT",
        "quiet_from": "BIGINT",
        "quiet_until": "BIGINT",
        "unreachable_at": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, member_id) DO UPDATE
    SET tags = excluded.tags, daily = excluded.daily, quiet_from = excluded.quiet_from,
        quiet_until = excluded.quiet_until, unreachable_at = excluded.unreachable_at
    """,
)
DEEDS_ON = Bulk(
    head="WITH wanted (community_id, question) AS (",
    columns={"community_id": "BIGINT", "question": "BIGINT"},
    tail="""
    )
    SELECT answer.author_id, question.title, question.tags, answer.answered_at, answer.accepted_at, COALESCE((
        SELECT CAST(SUM(worth) AS BIGINT) FROM answer_vote
        WHERE answer_vote.community_id = answer.community_id AND answer_vote.answer = answer.number
    ), 0) AS score
    FROM wanted
    JOIN question ON question.community_id = wanted.community_id AND question.number = wanted.question
    JOIN answer ON answer.community_id = question.community_id AND answer.question = question.number
    WHERE answer.deleted_at IS NULL AND answer.author_id <> question.asker_id
    ORDER BY answer.number
    """,
)


async def put_helper(tx: Tx, helper: Helper) -> None:
    """New, or as they want it now."""
    await tx.each(PUT, [astuple(helper)])


async def helper(tx: Tx, community_id: int, member_id: int) -> Helper | None:
    row = await tx.one(
        "SELECT * FROM helper WHERE community_id = :community_id AND member_id = :member_id",
        community_id=community_id,
        member_id=member_id,
    )
    return Helper(**row) if row else None


async def forget_helper(tx: Tx, community_id: int, member_id: int) -> bool:
    """Whether they were one."""
    gone = await tx.run(
        "DELETE FROM helper WHERE community_id = :community_id AND member_id = :member_id",
        community_id=community_id,
        member_id=member_id,
    )
    return gone > 0


async def deeds_of(tx: Tx, community_id: int, member_id: int, limit: int) -> list[Deed]:
    """What a member answered last, the newest first."""
    rows = await tx.all(
        """
        SELECT answer.author_id, question.title, question.tags, answer.answered_at, answer.accepted_at, COALESCE((
            SELECT CAST(SUM(worth) AS BIGINT) FROM answer_vote
            WHERE answer_vote.community_id = answer.community_id AND answer_vote.answer = answer.number
        ), 0) AS score
        FROM answer
        JOIN question ON question.community_id = answer.community_id AND question.number = answer.question
        WHERE answer.community_id = :community_id AND answer.author_id = :member_id AND answer.deleted_at IS NULL
          AND question.asker_id <> answer.author_id
        ORDER BY answer.number DESC
        LIMIT :limit
        """,
        community_id=community_id,
        member_id=member_id,
        limit=limit,
    )
    return [_deed(row) for row in rows]


async def deeds_on(tx: Tx, community_id: int, numbers: Sequence[int]) -> list[Deed]:
    """What was answered to these questions, by whomever."""
    rows = await tx.each(DEEDS_ON, [(community_id, number) for number in dict.fromkeys(numbers)])
    return [_deed(row) for row in rows]


def _deed(row: Row) -> Deed:
    return Deed(
        row["author_id"], row["title"], row["tags"], row["answered_at"], row["accepted_at"] is not None, row["score"]
    )
