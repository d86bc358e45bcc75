"""Ends a contest at the moment it was opened for."""

from bot import pots
from bot.contests import contests
from bot.contests.commands import KIND, finish
from bot.work import Work


@contests.moment(KIND)
async def end(work: Work, number: int) -> None:
    if pot := await pots.is_due(work, number):
        await finish(work, pot)
