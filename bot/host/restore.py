"""A copy put in the place of the database: only where nobody serves it, and without saying again what was said."""

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

#: what is heard, and would be heard twice; all else may be done again, or is the house's own clock
HEARD = [name for name, effect in EFFECTS.items() if not effect.idempotent]


async def restore(url: str, file: Path, *, resend: bool = False) -> Restored:
    clock = SystemClock()
    await _stand_alone(url, clock)
    return await copies.restore(url, file, [] if resend else HEARD, clock.now())


async def _stand_alone(url: str, clock: Clock) -> None:
    """Nobody else serves it; on SQLite nobody begins to, for the lease that we take goes with what we replace."""
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
        # A damaged file is often why a copy is wanted. Who had it open has its log beside it, which is refused later.
        log.warning("the database cannot be read; whether it is served is told by the files beside it", why=str(error))
