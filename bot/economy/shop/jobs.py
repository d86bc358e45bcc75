"""Ends orders whose reminder did not come, for example because a listener failed or two communities became one."""

from bot.economy.shop import acts, shop
from bot.kit import Work


@shop.job("15 4 * * *")
async def sweep(work: Work) -> None:
    await acts.end_due(work)
