"""Draws a raffle at the moment it was opened for."""

from bot import pots
from bot.raffles import raffles
from bot.raffles.commands import KIND, finish
from bot.work import Work


@raffles.moment(KIND)
async def end(work: Work, number: int) -> None:
    if pot := await pots.is_due(work, number):
        await finish(work, pot)
