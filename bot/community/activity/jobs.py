"""Forgets facts when the community wants them no longer, and looks for members who have been silent for a while."""

from bot.community.activity import activity, acts
from bot.community.activity.rules import DAY
from bot.community.activity.settings import KEEP
from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.kit.work import Work
from models import activity as activity_store
from models import stays

#: in one night; what is left over goes the next, so that no night blocks the writer for long
NIGHTLY = 50_000
#: days that become too old from one night to the next, one of them missed
USUAL = 2
#: members looked for in a night where nobody tells who leaves, and days in which they did nothing
LOOKS, SILENT = 50, 7


@activity.job("10 4 * * *")
async def prune(work: Work) -> None:
    keep = work.setting(KEEP)
    before = (work.now - round(keep.total_seconds() * 1000)) // DAY
    if await _is_usual(work, before) or await endings_acts.may(
        work, Ending.HISTORY, await activity_store.due(work.tx, work.community, before)
    ):
        await activity_store.prune(work.tx, work.community, before, NIGHTLY)


async def _is_usual(work: Work, before: int) -> bool:
    """However much was said on a day, that it becomes too old is no jump."""
    oldest = await activity_store.oldest_day(work.tx, work.community)
    return oldest is None or oldest >= before - USUAL


@activity.job("50 3 * * *")
async def look(work: Work) -> None:
    """A few each night: no member is asked for whose deeds speak for them."""
    for platform, able in sorted(work.desk.abilities.items()):
        if not able.leaves:
            silent = await stays.longest_unseen(work.tx, work.community, platform, work.now // DAY - SILENT, LOOKS)
            await acts.look(work, silent)
