"""Stores each change: who made it, when, and the value before; the capability that made it can undo it."""

from dataclasses import dataclass

from models.store import Bulk, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    community_id: int
    id: int
    at: int
    #: None when the bot did it on its own
    actor_id: int | None
    action: str
    subject: str
    #: JSON
    before: str | None = None
    #: JSON
    after: str | None = None
    cause: str
    #: the change that this one undoes
    undoes: int | None = None
    #: the change that undid this one
    undone_by: int | None = None


RECORD = Bulk(
    head="INSERT INTO audit (community_id, id, at, actor_id, action, subject, before, after, cause, undoes)",
    columns={
        "community_id": "BIGINT",
        "id": "BIGINT",
        "at": "BIGINT",
        "actor_id": "BIGINT",
        "action": "TEXT",
        "subject": "TEXT",
        "before": "TEXT",
        "after": "TEXT",
        "cause": "TEXT",
        "undoes": "BIGINT",
    },
)


async def record(tx: Tx, *changes: Change) -> None:
    rows = [
        (
            change.community_id,
            change.id,
            change.at,
            change.actor_id,
            change.action,
            change.subject,
            change.before,
            change.after,
            change.cause,
            change.undoes,
        )
        for change in changes
    ]
    await tx.each(RECORD, rows)


async def changes(
    tx: Tx, community_id: int, action: str | None = None, subject: str | None = None, limit: int = 20
) -> list[Change]:
    """The changes, newest first; only of one action or about one subject if asked."""
    rows = await tx.all(
        """
        SELECT community_id, id, at, actor_id, action, subject, before, after, cause, undoes, undone_by
        FROM audit
        WHERE community_id = :community_id
          AND (CAST(:action AS TEXT) IS NULL OR action = :action)
          AND (CAST(:subject AS TEXT) IS NULL OR subject = :subject)
        ORDER BY id DESC
        LIMIT :limit
        """,
        community_id=community_id,
        action=action,
        subject=subject,
        limit=limit,
    )
    return [Change(**row) for row in rows]


async def change(tx: Tx, community_id: int, id: int) -> Change | None:
    row = await tx.one(
        """
        SELECT community_id, id, at, actor_id, action, subject, before, after, cause, undoes, undone_by
        FROM audit
        WHERE community_id = :community_id AND id = :id
        """,
        community_id=community_id,
        id=id,
    )
    return Change(**row) if row else None


async def mark_undone(tx: Tx, community_id: int, id: int, by: int) -> bool:
    """Whether it was still in force, so that the second of two admins who undo it together learns that it is done."""
    changed = await tx.run(
        """
        UPDATE audit SET undone_by = :by WHERE community_id = :community_id AND id = :id AND undone_by IS NULL
        """,
        by=by,
        community_id=community_id,
        id=id,
    )
    return changed > 0
