"""Closes the orders of roles that were bought for a time, when it is over."""

from bot.events import MomentCame
from bot.shop import shop
from bot.shop.commands import end
from bot.work import Work
from models import shop as shelf


@shop.listener(MomentCame)
async def expire(work: Work, event: MomentCame) -> None:
    kind, _, number = event.subject.partition(":")
    if kind == "purchase" and (order := await shelf.purchase(work.tx, work.community, int(number))):
        await end(work, order)
