"""Ends a contest at the moment it was opened for."""

from bot import pots
from bot.contests import contests
from bot.contests.commands import KIND, finish
from bot.events import MomentCame
from bot.work import Work


@contests.listener(MomentCame)
async def end(work: Work, event: MomentCame) -> None:
    if pot := await pots.is_due(work, KIND, event.subject):
        await finish(work, pot)
