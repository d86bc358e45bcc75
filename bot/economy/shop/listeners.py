"""Closes the orders of roles that were bought for a time, when it is over."""

from bot.community.endings.acts import Ending
from bot.economy.shop import shop
from bot.economy.shop.commands import end_due
from bot.kit.events import EndingAllowed
from bot.kit.work import Work


@shop.moment("purchase")
async def expire(work: Work, _number: int) -> None:
    """With everything else that is due."""
    await end_due(work)


@shop.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.ORDERS.value:
        await end_due(work)
