"""Checks levels once a day, in case one was missed; listeners follow points as they come."""

from bot.kit import Work
from bot.standing.levels import acts, levels


@levels.job("15 4 * * *")
async def catch_up(work: Work) -> None:
    await acts.catch_up(work)
