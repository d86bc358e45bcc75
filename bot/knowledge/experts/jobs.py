"""Takes the steps that no reminder came for."""

from bot.kit import Work
from bot.knowledge.experts import acts, experts
from models.spans import HOUR

#: milliseconds after which a step is late
LATE = HOUR


@experts.job("45 4 * * *")
async def sweep(work: Work) -> None:
    await acts.catch_up(work, work.now - LATE)
