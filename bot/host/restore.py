"""Puts a backup in the place of the database: only when nobody serves it, and without sending messages again."""

from pathlib import Path

import structlog

from bot.core import incarnation
from bot.core.clock import Clock, SystemClock
from bot.host.lease import Holding
from bot.kit.effects import EFFECTS
from models import copies
from models.copies import Restored
from models.engines import open_store
from models.migrate import is_new
from models.store import StoreBroken

log = structlog.get_logger(__name__)

#: effects that people hear, and would hear twice; the others may be repeated, or are reminders to the house itself
HEARD = [name for name, effect in EFFECTS.items() if not effect.idempotent]


async def restore(url: str, file: Path, *, resend: bool = False) -> Restored:
    clock = SystemClock()
    await _stand_alone(url, clock)
    return await copies.restore(url, file, [] if resend else HEARD, clock.now())


async def _stand_alone(url: str, clock: Clock) -> None:
    """Make sure nobody else serves it; on SQLite nobody can begin to, for the file we replace holds our lease."""
    if not copies.is_there(url):
        return
    try:
        store = await open_store(url)
        try:
            if not await is_new(store):
                await Holding(store, clock, incarnation.me()).alone()
        finally:
            await store.close()
    except StoreBroken as error:
        if not copies.file_of(url):
            raise
        # A damaged file is a common reason to restore. If a process has it open, its log lies beside it, and we
        # refuse later.
        log.warning("the database cannot be read; whether it is served is told by the files beside it", why=str(error))
