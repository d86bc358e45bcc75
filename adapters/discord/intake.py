"""Holds what the gateway told until it is committed: one consumer takes all that waits in one call."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from bot.kit.events import Event
from bot.kit.wordless import wordless

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.1, 10.0
#: the most events that wait: some 100 MB
MOST = 100_000

Absorb = Callable[[Sequence[Event]], Awaitable[object]]


class Intake:
    """Keeps each event until it is committed, because the gateway confirms nothing and repeats nothing.

    If more events wait than memory should hold, new ones are dropped until all waiting ones are committed: as while
    we are away, messages are found in history later, and the rest goes unseen.
    """

    def __init__(self, absorb: Absorb, most: int = MOST) -> None:
        self._absorb = absorb
        self.most = most
        self._waiting: asyncio.Queue[Event] = asyncio.Queue()
        self._closed = False
        #: whether new events are dropped
        self.full = False
        #: called when the first event is dropped, and when there is room again
        self.lost: Callable[[], object] = lambda: None
        self.caught: Callable[[], object] = lambda: None

    def take(self, *events: Event | None) -> None:
        for event in events:
            if event is None or self._closed or self.full:
                continue
            if len(self) >= self.most:
                self.full = True
                log.error("too many events wait; what comes is let go", events=len(self))
                self.lost()
            else:
                self._waiting.put_nowait(event)

    def __len__(self) -> int:
        return self._waiting.qsize()

    def close(self) -> None:
        """Take nothing more: messages are found in history later, the rest goes unseen, as while we are away."""
        self._closed = True

    async def run(self) -> None:
        while True:
            batch = [await self._waiting.get()]
            while not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self.absorb(batch)
            for _ in batch:
                self._waiting.task_done()
            if self.full and self._waiting.empty():
                self.full = False
                self.caught()

    async def absorb(self, events: Sequence[Event]) -> None:
        """Try until the events are committed; if the store is busy or broken, wait for it."""
        wait = FIRST_WAIT
        while True:
            try:
                await self._absorb(events)
            except Exception as error:  # noqa: BLE001 - whatever it is, these events exist nowhere else
                log.warning("events not committed", events=len(events), again_in=wait, error=wordless(error))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return

    async def drain(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._waiting.join()
        if len(self):
            log.error("events lost in stopping", events=len(self))
