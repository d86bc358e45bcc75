"""Notes what is taken in, for ten minutes after a process ended without stopping, and sets aside what ends it.

While processes stop in order nothing is noted and nothing is written. Leases that were never given back tell that the
last process did not stop. From then on each batch is noted before it is absorbed, and forgotten after. If the process
ends again, the events noted at that end come alone the next time. An event that was in hand at that end too, alone,
is set aside unread as a dead letter. So an event ends three processes, and no fourth: the first, unnoted; the second,
noted with its batch; the third, noted alone. A caller that brings its events again by itself, such as history, is
told each time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

import structlog

from bot.core.clock import Clock
from models import in_hand
from models.spans import DAY
from models.store import Store

log = structlog.get_logger(__name__)

Item = TypeVar("Item")

#: seconds after the start of a process in which events are noted
LASTS = 600.0
#: numbers of noted ends with the event in hand: after 1 it comes alone, after 2 it is set aside, which is kept as 3
ALONE, ASIDE, SET_ASIDE = 1, 2, 3
#: milliseconds after which no platform delivers an event again
KEPT = 90 * DAY
#: characters of a cause that the store keeps
LONGEST = 400


class Deadly(Exception):
    """It was in hand at three ends of the process, so it was set aside unread."""

    def __str__(self) -> str:
        return str(self.__doc__)


class Care:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._until = 0.0
        #: by cause, at how many ends of earlier processes the event was in hand
        self._ends: dict[str, int] = {}
        #: what we noted and did not forget yet, and which of it is done
        self._noted: set[str] = set()
        self._done: set[str] = set()

    async def begin(self, *, unclean: bool) -> None:
        """Call it when the process begins, and when it takes over from a process that ended without stopping."""
        async with self._store.write() as tx:
            await in_hand.forget_old(tx, self._clock.now() - KEPT)
            ends = await in_hand.noted(tx)
        before = {cause: count for cause, count in ends.items() if cause not in self._noted}
        self._ends = {cause: count for cause, count in before.items() if unclean or count >= SET_ASIDE}
        if unclean:
            self._until = _time() + LASTS
            log.warning("a process before this one did not stop in order", in_hand=len(before))

    async def through(
        self,
        items: Sequence[Item],
        cause: Callable[[Item], str],
        take: Callable[[Sequence[Item]], Awaitable[object]],
        set_aside: Callable[[Item], Awaitable[object]],
    ) -> None:
        """Take them in, in their order: normally at once, after an unclean end with care."""
        careful = _time() < self._until
        if not careful and not self._ends:
            await take(items)
            return
        for group in self._parted(items, cause):
            causes = [cause(each)[:LONGEST] for each in group]
            ends = max(self._ends.get(each, 0) for each in causes)
            if ends >= ASIDE:
                await set_aside(group[0])
                await self._note([(causes[0], SET_ASIDE)])
            elif careful:
                self._noted |= set(causes)
                await self._note([(each, ends + 1) for each in causes])
                await self._taken(group, causes, take)
            else:
                await take(group)

    async def _taken(
        self, group: Sequence[Item], causes: Sequence[str], take: Callable[[Sequence[Item]], Awaitable[object]]
    ) -> None:
        """Take the group in, then forget its notes: even an error means that it did not end the process."""
        try:
            await take(group)
        finally:
            self._done |= set(causes)
            done = sorted(self._done)
            async with self._store.write() as tx:
                await in_hand.forget(tx, done)
            self._done -= set(done)
            self._noted -= set(done)
            for each in causes:
                self._ends.pop(each, None)

    async def _note(self, ends: Sequence[tuple[str, int]]) -> None:
        async with self._store.write() as tx:
            await in_hand.note(tx, ends, self._clock.now())

    def _parted(self, items: Sequence[Item], cause: Callable[[Item], str]) -> Iterator[list[Item]]:
        """Yield alone each item that was in hand before, and the items between as one group."""
        together: list[Item] = []
        for item in items:
            if self._ends.get(cause(item)[:LONGEST], 0) < ALONE:
                together.append(item)
                continue
            if together:
                yield together
            yield [item]
            together = []
        if together:
            yield together


def _time() -> float:
    """Seconds that no clock set by hand can move."""
    return asyncio.get_running_loop().time()
