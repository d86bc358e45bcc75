"""Ends what no reminder came for, as when a listener failed or a community was dissolved into another."""

from bot.economy.shop import acts, shop
from bot.kit import Work


@shop.job("15 4 * * *")
async def sweep(work: Work) -> None:
    await acts.end_due(work)
