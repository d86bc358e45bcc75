"""Ends a contest at the moment it was opened for."""

from bot.economy import pots
from bot.economy.contests import contests
from bot.economy.contests.commands import KIND, finish
from bot.kit.work import Work


@contests.moment(KIND)
async def end(work: Work, number: int) -> None:
    if pot := await pots.is_due(work, number):
        await finish(work, pot)
