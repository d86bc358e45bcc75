"""Looks after levels once a day, should anything have been missed; what is earned is followed as it comes."""

from bot.kit import Work
from bot.standing.levels import acts, levels


@levels.job("15 4 * * *")
async def catch_up(work: Work) -> None:
    await acts.catch_up(work)
