"""Draws a raffle at the moment it was opened for."""

from bot import pots
from bot.events import MomentCame
from bot.raffles import raffles
from bot.raffles.commands import KIND, finish
from bot.work import Work


@raffles.listener(MomentCame)
async def end(work: Work, event: MomentCame) -> None:
    if pot := await pots.is_due(work, KIND, event.subject):
        await finish(work, pot)
