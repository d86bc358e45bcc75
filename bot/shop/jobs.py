"""Ends what no reminder came for, as when a listener failed or a community was dissolved into another."""

from bot.shop import shop
from bot.shop.commands import end
from bot.work import Work
from models import shop as shelf

#: in one night; a clock set wrong ends no more than that
MOST = 200


@shop.job("15 4 * * *")
async def sweep(work: Work) -> None:
    for order in await shelf.ended_purchases(work.tx, work.community, work.now, MOST):
        await end(work, order)
