"""Forgets promises a month after they were kept, sent messages after a year, and failures in time."""

from bot.community.basics import basics
from bot.core import retelling
from bot.kit import Work
from models import promises, sent
from models.spans import DAY

#: how long, in milliseconds, staff can look into trouble with a promise; and how many are forgotten in a night
KEPT, MOST = 30 * DAY, 50_000
#: how long members can press and answer what we sent
PRESSED = 365 * DAY
#: the community of letters that failed before theirs was known
NOBODY = 0


@basics.job("20 3 * * *")
async def forget(work: Work) -> None:
    """The names of promises that are made once stay, so that they are not made again."""
    await promises.forget(work.tx, work.community, work.now - KEPT, MOST)
    await sent.forget(work.tx, work.community, work.now - PRESSED)
    for whose in (work.community, NOBODY):
        await retelling.forget(work.tx, whose, work.now)
