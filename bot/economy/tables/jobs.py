"""Forgets the lines of tables that nothing can be done with any more."""

from bot.economy.tables import tables
from bot.economy.tables.rules import UNDO_WITHIN
from bot.kit import Work
from models import point_tables


@tables.job("50 4 * * *")
async def forget(work: Work) -> None:
    """What they did stands in the ledger."""
    await point_tables.forget_lines(work.tx, work.community, work.now - UNDO_WITHIN)
