"""Ends the orders of roles that were bought for a time."""

from bot.community.endings.acts import Ending
from bot.economy.shop import acts, shop
from bot.kit import Work
from bot.kit.events import EndingAllowed


@shop.moment("purchase")
async def expire(work: Work, _number: int) -> None:
    """End all orders that are due."""
    await acts.end_due(work)


@shop.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.ORDERS.value:
        await acts.end_due(work)
