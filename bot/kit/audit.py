"""Record who changed what, beside the change itself and under the command that did it."""

import orjson

from bot.kit.work import Work
from models.audit import Change, record


async def note(work: Work, *changed: tuple[str, object, object]) -> None:
    """Each change is a subject, its value before and its value after."""
    changes = [
        Change(
            community_id=work.community,
            id=work.desk.ids.new(work.now),
            at=work.now,
            actor_id=work.member.id,
            action=work.path,
            subject=subject,
            before=orjson.dumps(before).decode(),
            after=orjson.dumps(after).decode(),
            cause=work.cause,
        )
        for subject, before, after in changed
    ]
    await record(work.tx, *changes)
