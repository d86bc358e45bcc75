"""Stores which messages belong to which question; bot/knowledge/threads/ decides what becomes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from models.store import Bulk, Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    community_id: int
    #: of the message
    cause: str
    question: int
    #: the answer that it shows, or gives
    answer: int | None = None
    #: the author; None for our own messages
    member_id: int | None = None
    place_id: int
    at: int
    #: the platform's id of it
    message: str | None = None
    #: the question was made from it, and has its words
    asks: bool = False
    #: it may answer the question
    likely: bool = False
    #: the words of another member than the asker, as long as they give an answer or the asker may choose them
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPlace:
    community_id: int
    place_id: int
    question: int
    #: the cause of the message whose words are the question's details
    body: str | None = None
    #: the name we gave it last; empty before the first
    called: str = ""
    #: when we last checked that the name shows the question's state
    looked_at: int = 0


GIVE = Bulk(
    head="INSERT INTO question_place (community_id, place_id, question, body, called, looked_at)",
    columns={
        "community_id": "BIGINT",
        "place_id": "BIGINT",
        "question": "BIGINT",
        "body": "TEXT",
        "called": "TEXT",
        "looked_at": "BIGINT",
    },
    tail="ON CONFLICT (community_id, place_id) DO UPDATE SET question = excluded.question, body = excluded.body",
)
PLACES = Bulk(
    head="WITH wanted (community_id, place_id) AS (",
    columns={"community_id": "BIGINT", "place_id": "BIGINT"},
    tail="""
    )
    SELECT question_place.*
    FROM wanted
    JOIN question_place ON question_place.community_id = wanted.community_id
                       AND question_place.place_id = wanted.place_id
    """,
)
LINK = Bulk(
    head="""
    INSERT INTO question_message (
        community_id, cause, question, answer, member_id, place_id, at, message, asks, likely, body
    )
    """,
    columns={
        "community_id": "BIGINT",
        "cause": "TEXT",
        "question": "BIGINT",
        "answer": "BIGINT",
        "member_id": "BIGINT",
        "place_id": "BIGINT",
        "at": "BIGINT",
        "message": "TEXT",
        "asks": "BOOLEAN",
        "likely": "BOOLEAN",
        "body": "TEXT",
    },
    tail="""
    ON CONFLICT (community_id, cause) DO UPDATE
    SET question = excluded.question, answer = excluded.answer, asks = excluded.asks, likely = excluded.likely,
        body = excluded.body
    """,
)
LINKED = Bulk(
    head="WITH wanted (community_id, cause) AS (",
    columns={"community_id": "BIGINT", "cause": "TEXT"},
    tail="""
    )
    SELECT question_message.*
    FROM wanted
    JOIN question_message ON question_message.community_id = wanted.community_id
                         AND question_message.cause = wanted.cause
    """,
)


async def give_place(tx: Tx, place: QuestionPlace) -> None:
    """From now on, messages there are about this question."""
    await tx.each(GIVE, [astuple(place)])


async def in_places(tx: Tx, community_id: int, place_ids: Sequence[int]) -> Mapping[int, QuestionPlace]:
    """The places among these that are about a question."""
    rows = await tx.each(PLACES, [(community_id, place_id) for place_id in place_ids])
    return {row["place_id"]: QuestionPlace(**row) for row in rows}


async def places_of(tx: Tx, community_id: int, question: int) -> list[QuestionPlace]:
    """The question's own places."""
    rows = await tx.all(
        """
        SELECT * FROM question_place
        WHERE community_id = :community_id AND question = :question
        ORDER BY place_id
        """,
        community_id=community_id,
        question=question,
    )
    return [QuestionPlace(**row) for row in rows]


async def look(tx: Tx, place: QuestionPlace, called: str, now: int) -> None:
    """Note that we checked it, and the name we gave it."""
    await tx.run(
        """
        UPDATE question_place SET called = :called, looked_at = :now
        WHERE community_id = :community_id AND place_id = :place_id
        """,
        community_id=place.community_id,
        place_id=place.place_id,
        called=called,
        now=now,
    )


async def lose_place(tx: Tx, community_id: int, place_id: int) -> None:
    """The place is gone; its messages stay with the question."""
    await tx.run(
        "DELETE FROM question_place WHERE community_id = :community_id AND place_id = :place_id",
        community_id=community_id,
        place_id=place_id,
    )


async def link(tx: Tx, linked: Linked) -> None:
    """From now on the message belongs to this question, with or without being an answer."""
    await tx.each(LINK, [astuple(linked)])


async def linked(tx: Tx, community_id: int, causes: Sequence[str]) -> Mapping[str, Linked]:
    """The messages among these that belong to a question, by their causes."""
    rows = await tx.each(LINKED, [(community_id, cause) for cause in causes])
    return {row["cause"]: _linked(row) for row in rows}


async def given_by(tx: Tx, community_id: int, question: int, answer: int) -> Linked | None:
    """The member's first message that gives this answer; None if a command gave it."""
    return next(iter(await lines_of(tx, community_id, question, answer)), None)


async def lines_of(tx: Tx, community_id: int, question: int, answer: int) -> list[Linked]:
    """The member's messages that give this answer together, the oldest first."""
    rows = await tx.all(
        """
        SELECT * FROM question_message
        WHERE community_id = :community_id AND question = :question AND answer = :answer AND member_id IS NOT NULL
        ORDER BY at, cause
        """,
        community_id=community_id,
        question=question,
        answer=answer,
    )
    return [_linked(row) for row in rows]


async def spoken(tx: Tx, community_id: int, question: int, limit: int) -> list[Linked]:
    """The last messages of members that belong to it, the newest first."""
    rows = await tx.all(
        """
        SELECT * FROM question_message
        WHERE community_id = :community_id AND question = :question AND member_id IS NOT NULL
        ORDER BY at DESC, cause DESC
        LIMIT :limit
        """,
        community_id=community_id,
        question=question,
        limit=limit,
    )
    return [_linked(row) for row in rows]


async def forget_words(tx: Tx, community_id: int, question: int, kept: int) -> None:
    """Forget the words of messages that are no answers, but for the last ones."""
    await tx.run(
        """
        UPDATE question_message SET body = NULL
        WHERE community_id = :community_id AND question = :question AND answer IS NULL AND body IS NOT NULL
          AND cause NOT IN (
              SELECT cause FROM question_message
              WHERE community_id = :community_id AND question = :question AND answer IS NULL AND body IS NOT NULL
              ORDER BY at DESC, cause DESC
              LIMIT :kept
          )
        """,
        community_id=community_id,
        question=question,
        kept=kept,
    )


async def unlink(tx: Tx, community_id: int, cause: str) -> None:
    """The message is gone."""
    await tx.run(
        "DELETE FROM question_message WHERE community_id = :community_id AND cause = :cause",
        community_id=community_id,
        cause=cause,
    )


async def comments(tx: Tx, community_id: int, question: int) -> int:
    """How many messages of members belong to it without being answers."""
    row = await tx.one(
        """
        SELECT COUNT(*) AS found FROM question_message
        WHERE community_id = :community_id AND question = :question AND answer IS NULL AND member_id IS NOT NULL
        """,
        community_id=community_id,
        question=question,
    )
    return row["found"] if row else 0


async def others_spoke(tx: Tx, community_id: int, question: int, asker_id: int) -> bool:
    """Whether another member than the asker has written about it."""
    row = await tx.one(
        """
        SELECT 1 AS found FROM question_message
        WHERE community_id = :community_id AND question = :question AND member_id <> :asker_id
        LIMIT 1
        """,
        community_id=community_id,
        question=question,
        asker_id=asker_id,
    )
    return row is not None


async def watch(tx: Tx, community_id: int, place_id: int, now: int) -> bool:
    """Watch it; return whether it was not watched before."""
    made = await tx.run(
        """
        INSERT INTO watched_place (community_id, place_id, since) VALUES (:community_id, :place_id, :now)
        ON CONFLICT (community_id, place_id) DO NOTHING
        """,
        community_id=community_id,
        place_id=place_id,
        now=now,
    )
    return made > 0


async def unwatch(tx: Tx, community_id: int, place_id: int) -> bool:
    """Stop watching it; return whether it was watched."""
    gone = await tx.run(
        "DELETE FROM watched_place WHERE community_id = :community_id AND place_id = :place_id",
        community_id=community_id,
        place_id=place_id,
    )
    return gone > 0


async def watched(tx: Tx, community_id: int) -> list[int]:
    """Watched places; the one watched longest comes first."""
    rows = await tx.all(
        "SELECT place_id FROM watched_place WHERE community_id = :community_id ORDER BY since, place_id",
        community_id=community_id,
    )
    return [row["place_id"] for row in rows]


def _linked(row: Row) -> Linked:
    return Linked(**{**row, "asks": bool(row["asks"]), "likely": bool(row["likely"])})  # SQLite stores truth as 0 and 1
