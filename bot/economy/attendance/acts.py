"""Thanks members for attending."""

from bot.kit import Post, Work
from models import gatherings
from models.gatherings import Gathering


async def thank(work: Work, gathering: Gathering) -> None:
    """Thank the members who attended a closed gathering, in the place where it was opened."""
    present = await gatherings.attendees(work.tx, work.community, gathering.number)
    if present:
        thanks = work.say("attendance.close.thanks", title=gathering.title, count=len(present))
    else:
        thanks = work.say("attendance.close.nobody", title=gathering.title)
    await work.promise(Post(place=gathering.place_id, reply=thanks), once=f"gathering:{gathering.number}")
