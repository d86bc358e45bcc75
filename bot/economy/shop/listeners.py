"""Closes the orders of roles that were bought for a time, when it is over."""

from bot.community.endings.acts import Ending
from bot.economy.shop import acts, shop
from bot.kit import Work
from bot.kit.events import EndingAllowed


@shop.moment("purchase")
async def expire(work: Work, _number: int) -> None:
    """With everything else that is due."""
    await acts.end_due(work)


@shop.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.ORDERS.value:
        await acts.end_due(work)
