"""Draws raffles whose reminder did not come."""

from bot.economy import pots
from bot.economy.raffles import acts, raffles
from bot.kit import Work


@raffles.job("20 4 * * *")
async def sweep(work: Work) -> None:
    for pot in await pots.overdue(work, acts.KIND):
        await acts.finish(work, pot)
