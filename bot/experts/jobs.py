"""Takes the steps that no reminder came for."""

from bot.experts import experts
from bot.experts.listeners import catch_up
from bot.work import Work

#: milliseconds after which a step is late
LATE = 3_600_000


@experts.job("45 4 * * *")
async def sweep(work: Work) -> None:
    await catch_up(work, work.now - LATE)
