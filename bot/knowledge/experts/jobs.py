"""Takes the steps whose reminder did not come."""

from bot.kit import Work
from bot.knowledge.experts import acts, experts
from models.spans import HOUR

#: after so many milliseconds a step is late
LATE = HOUR


@experts.job("45 4 * * *")
async def sweep(work: Work) -> None:
    await acts.catch_up(work, work.now - LATE)
