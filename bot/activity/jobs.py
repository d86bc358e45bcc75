"""Keeps the facts no longer than the community wants them; the counts per day stay."""

from bot.activity import activity
from bot.activity.rules import DAY
from bot.activity.settings import KEEP
from bot.work import Work
from models import activity as facts

#: in one night; what is left over goes the next, so that no night blocks the writer for long
NIGHTLY = 50_000


@activity.job("10 4 * * *")
async def prune(work: Work) -> None:
    keep = await work.setting(KEEP)
    before = (work.now - round(keep.total_seconds() * 1000)) // DAY
    await facts.prune(work.tx, work.community, before, NIGHTLY)
