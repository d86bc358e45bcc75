"""Forgets the lines of tables that nothing can be done with any more."""

from bot.tables import tables
from bot.tables.rules import UNDO_WITHIN
from bot.work import Work
from models import batches


@tables.job("50 4 * * *")
async def forget(work: Work) -> None:
    """What they did stands in the ledger."""
    await batches.forget_lines(work.tx, work.community, work.now - UNDO_WITHIN)
