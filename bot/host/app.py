"""Runs the house as a process: opens the store and the adapters by name, holds the leases, stops in good order."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import structlog

from bot.core import incarnation
from bot.core.clock import Clock, HandClock, SystemClock
from bot.core.core import Core
from bot.host.adapters import module
from bot.host.backup import Backups
from bot.host.config import Config
from bot.host.lease import Holding
from bot.host.registry import open_house
from bot.host.watch import Watch
from bot.kit.errors import Unservable
from bot.kit.platform import Platform
from models import remembered
from models.engines import open_store
from models.ids import NODES, Ids
from models.migrate import is_new, migrate, pending
from models.store import Store

log = structlog.get_logger(__name__)

#: seconds that stopping may take; the rest waits for the next start
GRACE = 8.0
#: Python collects garbage after this many allocations, not after its default of 700: pauses spoil the slowest answers
COLLECT_AFTER = 50_000
#: where the console keeps its input history
FOLDER = Path("data")


class NotServed(Exception):
    """Every configured platform could not be served."""


class ScriptRefused(Exception):
    """A script of acts is missing, or has a line that cannot be performed."""


@asynccontextmanager
async def open_core(config: Config, clock: Clock | None = None) -> AsyncIterator[tuple[Core, Holding]]:
    """Open the core on a migrated store that nobody else serves; give it back and close it at the end.

    Leases run by the machine's clock, even if the core's clock is moved by hand.
    """
    store = await open_store(config.store.url.get_secret_value())
    holding = Holding(store, SystemClock(), incarnation.me())
    try:
        if not await is_new(store):
            await holding.take()
            if await pending(store):
                await Backups(config, SystemClock()).before_migration()
        await migrate(store)
        await holding.take()
        if isinstance(clock, HandClock):
            core = Core(store, open_house(), clock, ids=await _repeatable(store), chance=_foreseen())
        else:
            core = Core(store, open_house(), clock or SystemClock())
        core.studio.artist = module("worker", "client").open(core, config)
        try:
            yield core, holding
        finally:
            await core.studio.close()
    finally:
        await holding.release()
        await store.close()


async def _repeatable(store: Store) -> Ids:
    """Ids for a script: the same each time on a new store; on a store that has seen scripts, none that they used."""
    runs = module("console", "client").RUNS
    async with store.read() as tx:
        return Ids(int(await remembered.recall(tx, runs) or 0) % NODES)


def _foreseen() -> Callable[[], str]:
    """A script's random values, the same each time."""
    numbers = count()
    return lambda: sha256(str(next(numbers)).encode()).hexdigest()


async def open_console(config: Config, script: str | None, now: datetime | None, images: Path | None) -> None:
    """Serve a person at a terminal by the machine's clock, or a script of acts, which moves its clock itself."""
    scripted = script or ("-" if not sys.stdin.isatty() else None)
    clock = HandClock(round(now.timestamp() * 1000) if now else SystemClock().now()) if scripted else SystemClock()
    async with open_core(config, clock) as (core, holding):
        keeping = asyncio.create_task(holding.keep(), name="lease")
        try:
            if scripted:
                await _perform_script(core, scripted, images)
            else:
                await module("console", "prompt").converse(core, FOLDER, images=images)
        finally:
            keeping.cancel()


async def _perform_script(core: Core, script: str, images: Path | None) -> None:
    console = module("console", "script")
    try:
        lines = sys.stdin if script == "-" else _lines(Path(script))
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptRefused(f"{script}: {error}") from None
    try:
        await console.run_script(core, lines, images=images)
    except console.ScriptError as error:
        raise ScriptRefused(f"{script}: {error}") from None


def _lines(script: Path) -> list[str]:
    return script.read_text(encoding="utf-8").splitlines()


def open_adapter(name: str, core: Core, config: Config) -> Platform:
    adapter: Platform = module(name, "client").open(core, config)
    return adapter


class App:
    """One process that plays every part."""

    def __init__(self, core: Core, holding: Holding, config: Config, watch: Watch | None = None) -> None:
        self.core = core
        self.watch = watch or Watch()
        self.holding = holding
        self.config = config
        self.backups = Backups(config, core.clock)
        self.stopping = asyncio.Event()
        self._careful = False
        self.platforms: Sequence[Platform] = ()
        #: the platforms and the web: all that take something in
        self.taking: Sequence[Platform] = ()

    async def run(self) -> None:
        """Run until a signal comes, a lease is lost, or no platform is left to serve."""
        for name in self.config.platforms:
            self.core.plug(open_adapter(name, self.core, self.config), serving=False)
        self.platforms = list(self.core.platforms.values())
        web = open_adapter("web", self.core, self.config)
        self.taking = [*self.platforms, web]
        self._listen_to_signals()
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER, 50, 50)
        await self._take_care()
        parts = [
            asyncio.create_task(self.watch.keep(), name="watch"),
            asyncio.create_task(self.holding.keep(), name="lease"),
            asyncio.create_task(self.core.outbox.run(), name="outbox"),
            asyncio.create_task(self._ring(), name="bell"),
            asyncio.create_task(self._open_web(web), name="web"),
        ]
        served = asyncio.gather(*(self._serve(platform) for platform in self.platforms))
        waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(self.stopping.wait()), served, *parts]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._stop(parts)
        for part in parts:
            if part.done() and not part.cancelled() and (error := part.exception()):
                raise error
        if not self.stopping.is_set() and served.done():
            raise NotServed("; ".join(str(error) for error in served.result() if error))

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)

    async def _serve(self, platform: Platform) -> Unservable | None:
        """Serve one platform; if it cannot be served, the others go on; if another process serves it, wait."""
        try:
            if platform in self.platforms:
                await self.holding.hold(platform.name)
                await self._take_care()
                self.core.outbox.serve(platform.name)
            await platform.serve()
        except Unservable as error:
            log.error("platform not served", platform=platform.name, mend=error.mend)  # noqa: TRY400 - the mend says it all
            return error
        except Exception as error:
            log.exception("platform broke", platform=platform.name)
            return Unservable(platform.name, f"it broke with {type(error).__name__}; the log has the details")
        return None

    async def _open_web(self, web: Platform) -> None:
        """Open the web, or do not start: without it nobody could see our health, and webhooks would be lost."""
        if error := await self._serve(web):
            raise NotServed(str(error))

    async def _ring(self) -> None:
        """Hold the bell's lease and ring; what fell due while no process held it is rung at once."""
        await self.holding.hold("bell")
        await self._take_care()
        await self.core.schedule.keep(self.backups.ring)

    async def _take_care(self) -> None:
        """Begin to take care once, and again when a process that held our leases before us did not give one back."""
        unclean, self.holding.unclean = self.holding.unclean, False
        if unclean or not self._careful:
            self._careful = True
            await self.core.care.begin(unclean=unclean)

    async def _stop(self, parts: Sequence[asyncio.Task[Any]]) -> None:
        """Take nothing new, finish what was taken, give the leases back."""
        log.info("stopping")
        try:
            async with asyncio.timeout(GRACE):
                await asyncio.gather(*(each.stop() for each in self.taking), return_exceptions=True)
                await self.core.dispatcher.stop()
                await self.core.outbox.stop(GRACE / 2)
                await asyncio.gather(*(each.close() for each in self.taking), return_exceptions=True)
        except TimeoutError:
            log.warning("stopped before everything was finished; the rest is taken up at the next start")
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        log.info("stopped")
