"""Ends a contest when its time is over."""

from bot.economy import pots
from bot.economy.contests import acts, contests
from bot.kit import Work


@contests.moment(acts.KIND)
async def end(work: Work, number: int) -> None:
    if pot := await pots.is_due(work, number):
        await acts.finish(work, pot)
