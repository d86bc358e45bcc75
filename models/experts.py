"""Stores members who want to be asked, our requests to them, and the outcome of their answers."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import NamedTuple

from models.store import Bulk, Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A member who wants to be asked."""

    community_id: int
    member_id: int
    #: separated by blanks; empty for every topic
    tags: str
    #: the most questions they are asked about in a day
    daily: int
    #: full hours in their own time zone; twice the same hour for no quiet time
    quiet_from: int
    quiet_until: int
    #: since we could not write to them in private
    unreachable_at: int | None = None


class Deed(NamedTuple):
    """An answer to another member's question, and its outcome."""

    member_id: int
    title: str
    tags: str
    at: int
    accepted: bool
    #: votes for it, minus votes against it
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
    WHERE answer.deleted_at IS NULL AND NOT answer.guessed AND answer.author_id <> question.asker_id
    ORDER BY answer.number
    """,
)


ASKS = Bulk(
    head="WITH wanted (community_id, member_id, since) AS (",
    columns={"community_id": "BIGINT", "member_id": "BIGINT", "since": "BIGINT"},
    tail="""
    )
    SELECT helper_ask.member_id, helper_ask.at
    FROM wanted
    JOIN helper_ask ON helper_ask.community_id = wanted.community_id AND helper_ask.member_id = wanted.member_id
                   AND helper_ask.at > wanted.since
    """,
)


async def put_helper(tx: Tx, helper: Helper) -> None:
    """Store a new helper, or update what they want."""
    await tx.each(PUT, [astuple(helper)])


async def helper(tx: Tx, community_id: int, member_id: int) -> Helper | None:
    row = await tx.one(
        "SELECT * FROM helper WHERE community_id = :community_id AND member_id = :member_id",
        community_id=community_id,
        member_id=member_id,
    )
    return Helper(**row) if row else None


async def forget_helper(tx: Tx, community_id: int, member_id: int) -> bool:
    """Remove a helper; return whether there was one."""
    gone = await tx.run(
        "DELETE FROM helper WHERE community_id = :community_id AND member_id = :member_id",
        community_id=community_id,
        member_id=member_id,
    )
    return gone > 0


async def close_helper(tx: Tx, community_id: int, member_id: int, now: int) -> None:
    """We cannot write to them, so do not ask them again until they say so."""
    await tx.run(
        "UPDATE helper SET unreachable_at = :now WHERE community_id = :community_id AND member_id = :member_id",
        community_id=community_id,
        member_id=member_id,
        now=now,
    )


async def askable(tx: Tx, community_id: int, question: int, asker_id: int) -> list[tuple[Helper, int]]:
    """Helpers we may ask about this question and did not ask yet, each with their last request; 0 for never."""
    rows = await tx.all(
        """
        SELECT helper.*, COALESCE((
            SELECT MAX(at) FROM helper_ask
            WHERE helper_ask.community_id = helper.community_id AND helper_ask.member_id = helper.member_id
        ), 0) AS asked_at
        FROM helper
        JOIN member ON member.community_id = helper.community_id AND member.id = helper.member_id
        WHERE helper.community_id = :community_id AND helper.member_id <> :asker_id AND helper.unreachable_at IS NULL
          AND member.left_at IS NULL AND NOT member.bot AND NOT EXISTS (
              SELECT 1 FROM helper_ask
              WHERE helper_ask.community_id = helper.community_id AND helper_ask.question = :question
                AND helper_ask.member_id = helper.member_id
          )
        ORDER BY helper.member_id
        """,
        community_id=community_id,
        question=question,
        asker_id=asker_id,
    )
    return [(Helper(**{key: row[key] for key in Helper.__slots__}), row["asked_at"]) for row in rows]


async def asked(tx: Tx, community_id: int, question: int, member_id: int, promise_id: int, now: int) -> None:
    await tx.run(
        """
        INSERT INTO helper_ask (community_id, question, member_id, at, promise_id)
        VALUES (:community_id, :question, :member_id, :now, :promise_id)
        """,
        community_id=community_id,
        question=question,
        member_id=member_id,
        now=now,
        promise_id=promise_id,
    )


async def was_asked(tx: Tx, community_id: int, question: int, member_id: int) -> bool:
    row = await tx.one(
        """
        SELECT 1 AS found FROM helper_ask
        WHERE community_id = :community_id AND question = :question AND member_id = :member_id
        """,
        community_id=community_id,
        question=question,
        member_id=member_id,
    )
    return row is not None


async def asked_by(tx: Tx, community_id: int, promise_id: int) -> tuple[int, int] | None:
    """The question this promise was about, and the member it asked."""
    row = await tx.one(
        "SELECT question, member_id FROM helper_ask WHERE community_id = :community_id AND promise_id = :promise_id",
        community_id=community_id,
        promise_id=promise_id,
    )
    return (row["question"], row["member_id"]) if row else None


async def asks_since(tx: Tx, community_id: int, member_ids: Sequence[int], since: int) -> list[tuple[int, int]]:
    """When we asked these members since then: one row for each time."""
    rows = await tx.each(ASKS, [(community_id, member_id, since) for member_id in dict.fromkeys(member_ids)])
    return [(row["member_id"], row["at"]) for row in rows]


async def deeds_of(tx: Tx, community_id: int, member_id: int, limit: int) -> list[Deed]:
    """A member's latest answers, newest first."""
    rows = await tx.all(
        """
        SELECT answer.author_id, question.title, question.tags, answer.answered_at, answer.accepted_at, COALESCE((
            SELECT CAST(SUM(worth) AS BIGINT) FROM answer_vote
            WHERE answer_vote.community_id = answer.community_id AND answer_vote.answer = answer.number
        ), 0) AS score
        FROM answer
        JOIN question ON question.community_id = answer.community_id AND question.number = answer.question
        WHERE answer.community_id = :community_id AND answer.author_id = :member_id AND answer.deleted_at IS NULL
          AND NOT answer.guessed
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
    """All answers to these questions."""
    rows = await tx.each(DEEDS_ON, [(community_id, number) for number in dict.fromkeys(numbers)])
    return [_deed(row) for row in rows]


def _deed(row: Row) -> Deed:
    return Deed(
        row["author_id"], row["title"], row["tags"], row["answered_at"], row["accepted_at"] is not None, row["score"]
    )
