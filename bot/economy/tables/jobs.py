"""Forgets the lines of tables that can no longer be applied or undone."""

from bot.economy.tables import tables
from bot.economy.tables.rules import UNDO_WITHIN
from bot.kit import Work
from models import point_tables


@tables.job("50 4 * * *")
async def forget(work: Work) -> None:
    """The ledger keeps what they did."""
    await point_tables.forget_lines(work.tx, work.community, work.now - UNDO_WITHIN)
