"""Draws a raffle at the moment it was opened for."""

from bot.economy import pots
from bot.economy.raffles import raffles
from bot.economy.raffles.commands import KIND, finish
from bot.kit.work import Work


@raffles.moment(KIND)
async def end(work: Work, number: int) -> None:
    if pot := await pots.is_due(work, number):
        await finish(work, pot)
