"""Ends what no reminder came for, as when a listener failed or a community was dissolved into another."""

from bot.shop import shop
from bot.shop.commands import end_due
from bot.work import Work


@shop.job("15 4 * * *")
async def sweep(work: Work) -> None:
    await end_due(work)
