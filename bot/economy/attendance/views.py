"""Who attended."""

import asyncio
from collections.abc import Sequence

from bot.kit import Reply, Rich, Work, join, sheets
from bot.kit.calendar import moment
from bot.kit.replies import DOCUMENT_BYTES, Document
from models import gatherings
from models.gatherings import Attendee, Gathering

#: a longer list is also sent as a file
SHOWN = 50


async def roll(work: Work, gathering: Gathering) -> Reply:
    """The list of members who attended, for moderators."""
    present = await gatherings.attendees(work.tx, work.community, gathering.number)
    title = work.say("attendance.list.title", title=gathering.title, number=str(gathering.number)).text
    if not present:
        return work.say("attendance.list.nobody").but(title=title, private=True)
    lines: list[Rich] = [
        work.say("attendance.list.line", place=place, member=each.name).text
        for place, each in enumerate(present[:SHOWN], 1)
    ]
    if len(present) > SHOWN:
        lines.append(work.say("attendance.list.more", count=len(present) - SHOWN).text)
    total = len(present) * gathering.points
    lines.append(work.say("attendance.list.total", count=len(present), total=total).text)
    file = await asyncio.to_thread(_table, gathering, present) if len(present) > SHOWN else None
    return Reply(title=title, text=join(lines), file=file, private=True)


def _table(gathering: Gathering, present: Sequence[Attendee]) -> Document:
    rows = [(each.name, moment(each.at).isoformat(" ", "seconds")) for each in present]
    content, _ = sheets.fit([("name", "at"), *rows], DOCUMENT_BYTES)
    return Document(f"attendance-{gathering.number}.csv", content, sheets.MEDIA)
