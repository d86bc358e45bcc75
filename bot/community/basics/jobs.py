"""Forgets what was said, a month after it was, and in time what failed."""

from bot.community.basics import basics
from bot.core import retelling
from bot.kit import Work
from models import promises, sent
from models.spans import DAY

#: milliseconds for which trouble with it can be looked into, and how many are forgotten in a night
KEPT, MOST = 30 * DAY, 50_000
#: and for which what we sent can be pressed and answered
PRESSED = 365 * DAY
#: whose the letters are that failed before their community was known
NOBODY = 0


@basics.job("20 3 * * *")
async def forget(work: Work) -> None:
    """That something was made which is made once stays, so that it is not made again."""
    await promises.forget(work.tx, work.community, work.now - KEPT, MOST)
    await sent.forget(work.tx, work.community, work.now - PRESSED)
    for whose in (work.community, NOBODY):
        await retelling.forget(work.tx, whose, work.now)
