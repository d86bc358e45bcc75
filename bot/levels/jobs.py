"""Looks after levels once a day, should anything have been missed; what is earned is followed as it comes."""

from bot import levelling
from bot.levels import levels
from bot.work import Work


@levels.job("15 4 * * *")
async def catch_up(work: Work) -> None:
    await levelling.catch_up(work)
