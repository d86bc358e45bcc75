"""Draws what no reminder came for."""

from bot import pots
from bot.raffles import raffles
from bot.raffles.commands import KIND, finish
from bot.work import Work


@raffles.job("20 4 * * *")
async def sweep(work: Work) -> None:
    for pot in await pots.overdue(work, KIND):
        await finish(work, pot)
