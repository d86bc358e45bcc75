"""Forgets facts when the community wants them no longer, and looks for members who have been silent for a while."""

from bot.community.activity import activity, acts
from bot.kit import Work
from models import stays
from models.spans import DAY

#: members looked for in a night where nobody tells who leaves, and days in which they did nothing
LOOKS, SILENT = 50, 7


@activity.job("10 4 * * *")
async def prune(work: Work) -> None:
    await acts.prune(work)


@activity.job("50 3 * * *")
async def look(work: Work) -> None:
    """A few each night: no member is asked for whose deeds speak for them."""
    for platform, able in sorted(work.desk.abilities.items()):
        if not able.leaves:
            silent = await stays.longest_unseen(work.tx, work.community, platform, work.now // DAY - SILENT, LOOKS)
            await acts.look(work, silent)
