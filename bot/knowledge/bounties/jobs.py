"""Ends bounties that no reminder came for, as after a listener failed or communities became one."""

from bot.kit.work import Work
from bot.knowledge.bounties import bounties
from bot.knowledge.bounties.commands import end
from bot.knowledge.bounties.rules import GRACE
from models import bounties as bounties_store
from models import ledger


@bounties.job("35 4 * * *")
async def sweep(work: Work) -> None:
    await ledger.lock(work.tx, work.community)
    for placed in await bounties_store.overdue(work.tx, work.community, work.now - GRACE):
        await end(work, placed)
