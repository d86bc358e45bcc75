"""Closes a gathering when its time is over, and sends the list to the member who opened it."""

from bot.economy.attendance import attendance
from bot.economy.attendance.acts import thank
from bot.economy.attendance.views import roll
from bot.kit import Tell, Work
from models import gatherings, members


@attendance.moment("gathering")
async def end(work: Work, number: int) -> None:
    """Do nothing if a moderator closed it before."""
    if not await gatherings.close(work.tx, work.community, number, work.now):
        return
    gathering = await gatherings.gathering(work.tx, work.community, number)
    if gathering is None:
        return
    await thank(work, gathering)
    owner = await members.member(work.tx, work.community, gathering.owner_id)
    there = await roll(work.speaking(owner.speaks if owner else None), gathering)
    await work.promise(Tell(member=gathering.owner_id, reply=there, present=True))
