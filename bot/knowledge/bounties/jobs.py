"""Ends bounties that no reminder came for, as after a listener failed or communities became one."""

from bot.kit import Work
from bot.knowledge.bounties import acts, bounties


@bounties.job("35 4 * * *")
async def sweep(work: Work) -> None:
    await acts.sweep(work)
