"""Draws a raffle when its time is over."""

from bot.economy import pots
from bot.economy.raffles import acts, raffles
from bot.kit import Work


@raffles.moment(acts.KIND)
async def end(work: Work, number: int) -> None:
    if pot := await pots.is_due(work, number):
        await acts.finish(work, pot)
