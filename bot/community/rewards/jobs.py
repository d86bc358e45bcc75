"""Retries what a platform refused, and ends roles whose reminder did not come."""

from bot.community.rewards import acts, rewards
from bot.kit import Work
from models import roles

#: how many are retried at once: refused requests count towards a ban of the whole bot
AGAIN = 100


@rewards.job("25 * * * *")
async def try_again(work: Work) -> None:
    """Retry by ourselves, so that an admin who removed the obstacle need not tell us."""
    refused = await roles.refused(work.tx, work.community, AGAIN)
    for wanted in (True, False):
        await acts.settle(work, [each for each in refused if each.wanted is wanted], wanted=wanted)


@rewards.job("35 * * * *")
async def sweep(work: Work) -> None:
    """Needed after many endings had to wait because the clock had jumped."""
    await acts.end_due(work)
