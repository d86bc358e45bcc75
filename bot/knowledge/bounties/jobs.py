"""Ends bounties whose reminder did not come, for example because a listener failed or communities became one."""

from bot.kit import Work
from bot.knowledge.bounties import acts, bounties


@bounties.job("35 4 * * *")
async def sweep(work: Work) -> None:
    await acts.sweep(work)
