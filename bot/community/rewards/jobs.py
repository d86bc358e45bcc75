"""Tries again what a platform refused, and ends what no reminder came for."""

from bot.community.rewards import acts, rewards
from bot.kit import Work
from models import roles

#: refused requests count towards a ban of the whole bot, so few are tried again at once
AGAIN = 100


@rewards.job("25 * * * *")
async def try_again(work: Work) -> None:
    """Whoever mended what stood in the way need not say so."""
    refused = await roles.refused(work.tx, work.community, AGAIN)
    for wanted in (True, False):
        await acts.settle(work, [each for each in refused if each.wanted is wanted], wanted=wanted)


@rewards.job("35 * * * *")
async def sweep(work: Work) -> None:
    """As after many had to wait, because the clock had jumped."""
    await acts.end_due(work)
