"""Ends contests whose reminder did not come."""

from bot.economy import pots
from bot.economy.contests import acts, contests
from bot.kit import Work


@contests.job("25 4 * * *")
async def sweep(work: Work) -> None:
    for pot in await pots.overdue(work, acts.KIND):
        await acts.finish(work, pot)
