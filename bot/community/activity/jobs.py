"""Forgets facts that the community no longer keeps, and looks for members who were silent for a while."""

from bot.community.activity import activity, acts
from bot.kit import Work
from models import stays
from models.spans import DAY

#: how many members we look for in a night where the platform does not tell who leaves, and after how many silent days
LOOKS, SILENT = 50, 7


@activity.job("10 4 * * *")
async def prune(work: Work) -> None:
    await acts.prune(work)


@activity.job("50 3 * * *")
async def look(work: Work) -> None:
    """Look for a few each night; a member who does something needs no look."""
    for platform, able in sorted(work.desk.abilities.items()):
        if not able.leaves:
            silent = await stays.longest_unseen(work.tx, work.community, platform, work.now // DAY - SILENT, LOOKS)
            await acts.look(work, silent)
