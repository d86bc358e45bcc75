"""Stores events that a listener failed on; the dispatcher can replay them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    #: 0 when it failed before its community was known
    community_id: int
    cause: str
    listener: str
    kind: str
    #: JSON
    body: str
    error: str
    attempts: int = 1
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """The letters that one listener failed on."""

    listener: str
    letters: int
    #: the newest letter's
    last_at: int
    error: str

    @property
    def kind(self) -> str:
        """The kind of the error, such as ValueError; only the operator may see the rest."""
        return re.split(r"[^\w.]", self.error, maxsplit=1)[0]


BURY = Bulk(
    head="INSERT INTO dead_letter (community_id, cause, listener, kind, body, error, attempts, at)",
    columns={
        "community_id": "BIGINT",
        "cause": "TEXT",
        "listener": "TEXT",
        "kind": "TEXT",
        "body": "TEXT",
        "error": "TEXT",
        "attempts": "BIGINT",
        "at": "BIGINT",
    },
    tail="""
    ON CONFLICT (community_id, cause, listener) DO UPDATE
    SET error = excluded.error, attempts = dead_letter.attempts + excluded.attempts, at = excluded.at
    """,
)


async def bury(tx: Tx, letters: Sequence[DeadLetter]) -> None:
    """Store a letter; if it comes again, count its attempts."""
    rows = [
        (
            letter.community_id,
            letter.cause,
            letter.listener,
            letter.kind,
            letter.body,
            letter.error,
            letter.attempts,
            letter.at,
        )
        for letter in letters
    ]
    await tx.each(BURY, rows)


async def letters(tx: Tx, limit: int) -> list[DeadLetter]:
    """The letters, oldest first."""
    rows = await tx.all(
        """
        SELECT community_id, cause, listener, kind, body, error, attempts, at
        FROM dead_letter
        ORDER BY at, community_id, cause, listener
        LIMIT :limit
        """,
        limit=limit,
    )
    return [DeadLetter(**row) for row in rows]


async def of_error(tx: Tx, error: str, limit: int) -> list[DeadLetter]:
    """Letters with this kind of error, newest first."""
    rows = await tx.all(
        """
        SELECT community_id, cause, listener, kind, body, error, attempts, at
        FROM dead_letter
        WHERE error LIKE :error || ':%'
        ORDER BY at DESC, community_id, cause, listener
        LIMIT :limit
        """,
        error=error,
        limit=limit,
    )
    return [DeadLetter(**row) for row in rows]


async def of_listener(tx: Tx, community_id: int, listener: str, limit: int) -> list[DeadLetter]:
    """The letters of a listener, oldest first."""
    rows = await tx.all(
        """
        SELECT community_id, cause, listener, kind, body, error, attempts, at
        FROM dead_letter
        WHERE community_id = :community_id AND listener = :listener
        ORDER BY at, cause
        LIMIT :limit
        """,
        community_id=community_id,
        listener=listener,
        limit=limit,
    )
    return [DeadLetter(**row) for row in rows]


async def piles(tx: Tx, community_id: int, limit: int) -> list[Pile]:
    """The piles; the one that grew last comes first."""
    rows = await tx.all(
        """
        SELECT listener, letters, last_at, error
        FROM (
            SELECT listener, error, at AS last_at, COUNT(*) OVER (PARTITION BY listener) AS letters,
                   ROW_NUMBER() OVER (PARTITION BY listener ORDER BY at DESC, cause) AS age
            FROM dead_letter
            WHERE community_id = :community_id
        ) AS aged
        WHERE age = 1
        ORDER BY last_at DESC, listener
        LIMIT :limit
        """,
        community_id=community_id,
        limit=limit,
    )
    return [Pile(**row) for row in rows]


async def forget(tx: Tx, community_id: int, before: int, share: int, least: int, most: int) -> int:
    """Delete letters older than this, at most a share in percent or a few at once; and all above the most."""
    old = await tx.run(
        """
        DELETE FROM dead_letter
        WHERE community_id = :community_id AND (cause, listener) IN (
            SELECT cause, listener
            FROM dead_letter
            WHERE community_id = :community_id AND at < :before
            ORDER BY at, cause, listener
            LIMIT (
                SELECT CASE WHEN COUNT(*) * :share / 100 > :least THEN COUNT(*) * :share / 100 ELSE :least END
                FROM dead_letter
                WHERE community_id = :community_id
            )
        )
        """,
        community_id=community_id,
        before=before,
        share=share,
        least=least,
    )
    above = await tx.run(
        """
        DELETE FROM dead_letter
        WHERE community_id = :community_id AND (cause, listener) IN (
            SELECT cause, listener
            FROM dead_letter
            WHERE community_id = :community_id
            ORDER BY at DESC, cause, listener
            LIMIT 1000000 OFFSET :most
        )
        """,
        community_id=community_id,
        most=most,
    )
    return old + above


async def unbury(tx: Tx, letter: DeadLetter) -> bool:
    """Remove it; return whether it was still there, so that two replays at once do it only once."""
    changed = await tx.run(
        """
        DELETE FROM dead_letter
        WHERE community_id = :community_id AND cause = :cause AND listener = :listener
        """,
        community_id=letter.community_id,
        cause=letter.cause,
        listener=letter.listener,
    )
    return changed > 0


async def count(tx: Tx) -> int:
    row = await tx.one("SELECT COUNT(*) AS letters FROM dead_letter")
    return row["letters"] if row else 0


async def oldest(tx: Tx) -> int | None:
    """When the letter that waits longest last failed."""
    row = await tx.one("SELECT MIN(at) AS at FROM dead_letter")
    return row["at"] if row else None
