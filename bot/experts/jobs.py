"""Takes the steps that no reminder came for."""

from bot.experts import experts
from bot.experts.listeners import climb
from bot.work import Work
from models import ladder, ledger

#: steps of a night, and milliseconds after which one is late
MOST, LATE = 200, 3_600_000


@experts.job("45 4 * * *")
async def sweep(work: Work) -> None:
    await ledger.lock(work.tx, work.community)
    for step in await ladder.overdue(work.tx, work.community, work.now - LATE, MOST):
        await climb(work, step.question, step.rung)
