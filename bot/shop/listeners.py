"""Closes the orders of roles that were bought for a time, when it is over."""

from bot.ending import Ending
from bot.events import EndingAllowed, MomentCame
from bot.shop import shop
from bot.shop.commands import end_due
from bot.work import Work


@shop.listener(MomentCame)
async def expire(work: Work, event: MomentCame) -> None:
    if event.subject.partition(":")[0] == "purchase":
        await end_due(work)


@shop.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.ORDERS.value:
        await end_due(work)
