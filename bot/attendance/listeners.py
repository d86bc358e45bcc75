"""Closes a gathering when its time is over, and brings the list to whoever opened it."""

from bot.attendance import attendance
from bot.attendance.commands import roll, thank
from bot.effects import Tell
from bot.events import MomentCame
from bot.work import Work
from models import gatherings, members


@attendance.listener(MomentCame)
async def end(work: Work, event: MomentCame) -> None:
    """Nothing, when it was closed by hand before."""
    kind, _, number = event.subject.partition(":")
    if kind != "gathering" or not await gatherings.close(work.tx, work.community, int(number), work.now):
        return
    gathering = await gatherings.gathering(work.tx, work.community, int(number))
    if gathering is None:
        return
    await thank(work, gathering)
    owner = await members.member(work.tx, work.community, gathering.owner_id)
    present = await roll(work.speaking(owner.language if owner else None), gathering)
    await work.promise(Tell(member=gathering.owner_id, reply=present))
