"""Ends what no reminder came for."""

from bot import pots
from bot.contests import contests
from bot.contests.commands import KIND, finish
from bot.work import Work


@contests.job("25 4 * * *")
async def sweep(work: Work) -> None:
    for pot in await pots.overdue(work, KIND):
        await finish(work, pot)
