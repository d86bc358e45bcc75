"""Thanks members for attending."""

from bot.kit import Post, Work
from models import gatherings
from models.gatherings import Gathering


async def thank(work: Work, gathering: Gathering) -> None:
    """Thank the members who attended a closed gathering, in the place where it was opened."""
    present = await gatherings.attendees(work.tx, work.community, gathering.number)
    thanks = work.say("attendance.close.thanks", title=gathering.title, count=len(present))
    await work.promise(Post(place=gathering.place_id, reply=thanks), once=f"gathering:{gathering.number}")
