"""Stores messages of ours that members may continue: the community, the receiver, and what a reply or press does."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from models.store import Bulk, Row, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    #: the name of our message in events about it
    cause: str
    community_id: int
    platform: str
    #: the account it is meant for; None for everybody who sees it
    to_id: str | None
    #: said in a private chat, which belongs to no community
    private: bool
    #: the command line that an answer completes, and until when
    line: str | None = None
    until_at: int | None = None
    #: the command lines of its buttons
    presses: tuple[str, ...] = ()
    at: int


KEEP = Bulk(
    head="INSERT INTO sent (cause, community_id, platform, to_id, private, line, until_at, presses, at)",
    columns={
        "cause": "TEXT",
        "community_id": "BIGINT",
        "platform": "TEXT",
        "to_id": "TEXT",
        "private": "BOOLEAN",
        "line": "TEXT",
        "until_at": "BIGINT",
        "presses": "TEXT",
        "at": "BIGINT",
    },
    tail="""
    ON CONFLICT (cause) DO UPDATE
    SET community_id = excluded.community_id, to_id = excluded.to_id, private = excluded.private, line = excluded.line,
        until_at = excluded.until_at, presses = excluded.presses, at = excluded.at
    """,
)


async def keep(tx: Tx, sent: Sequence[Sent]) -> None:
    """Store a message; if its words changed, replace the old ones."""
    newest = {each.cause: each for each in sent}.values()
    await tx.each(
        KEEP,
        [
            (
                each.cause,
                each.community_id,
                each.platform,
                each.to_id,
                each.private,
                each.line,
                each.until_at,
                json.dumps(each.presses, ensure_ascii=False),
                each.at,
            )
            for each in newest
        ],
    )


async def find(tx: Tx, cause: str) -> Sent | None:
    row = await tx.one(
        """
        SELECT cause, community_id, platform, to_id, private, line, until_at, presses, at
        FROM sent
        WHERE cause = :cause
        """,
        cause=cause,
    )
    return _sent(row) if row else None


async def forget(tx: Tx, community_id: int, before: int) -> int:
    """Delete old messages; return how many."""
    return await tx.run(
        "DELETE FROM sent WHERE community_id = :community_id AND at < :before",
        community_id=community_id,
        before=before,
    )


def _sent(row: Row) -> Sent:
    return Sent(**{**row, "private": bool(row["private"]), "presses": tuple(json.loads(row["presses"]))})
