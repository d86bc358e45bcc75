"""Takes the steps that no reminder came for."""

from bot.kit import Work
from bot.knowledge.experts import acts, experts

#: milliseconds after which a step is late
LATE = 3_600_000


@experts.job("45 4 * * *")
async def sweep(work: Work) -> None:
    await acts.catch_up(work, work.now - LATE)
