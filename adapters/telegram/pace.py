"""How fast we may speak: Telegram's limits as plain arithmetic over times; the waiting itself is in one place."""

import asyncio
import time
from bisect import insort
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.kit.errors import Later

#: who waits longer than this lets others work meanwhile
PATIENCE = 20.0
#: quiet chats are forgotten when more than these are known
KNOWN = 10_000


class Limit(NamedTuple):
    """At most so many within any so many seconds, of which some are kept for what is urgent."""

    turns: int
    seconds: float
    kept: int = 0


OVERALL = Limit(30, 1.0, kept=5)
#: of that, what all those together may use up who are in no community; the rest of them is told nothing
STRANGERS = Limit(10, 2.0)
PRIVATE = Limit(1, 1.0)
GROUP = Limit(20, 60.0, kept=5)


class Window:
    """The last turns that were given; the next one comes when the oldest of them is long enough ago."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._turns: list[float] = []

    def next(self, now: float, *, urgent: bool = False) -> float:
        turns = self._limit.turns - (0 if urgent else self._limit.kept)
        if len(self._turns) < turns:
            return now
        return max(now, self._turns[-turns] + self._limit.seconds)

    def give(self, at: float) -> None:
        insort(self._turns, at)  # what is urgent goes before turns that were given for later
        del self._turns[: -self._limit.turns]

    def is_quiet(self, now: float) -> bool:
        return not self._turns or self._turns[-1] + self._limit.seconds <= now


@dataclass(slots=True)
class Pace:
    _overall: Window = field(default_factory=lambda: Window(OVERALL))
    _strangers: Window = field(default_factory=lambda: Window(STRANGERS))
    #: those who wait for a turn in `_overall`, in the order they came: what is not urgent, and what is
    _lines: tuple[asyncio.Lock, asyncio.Lock] = field(default_factory=lambda: (asyncio.Lock(), asyncio.Lock()))
    _chats: dict[int, Window] = field(default_factory=dict)
    #: until when a chat is held, after a flood wait; the others go on
    _held: dict[int, float] = field(default_factory=dict)

    async def turn(self, chat: int, *, urgent: bool = False) -> None:
        """Returns when something may be said there; where that is far off, says Later instead."""
        if wait := self.reserve(chat, time.monotonic(), urgent=urgent):
            await asyncio.sleep(wait)
        async with self._lines[urgent]:
            while wait := self.reserve_overall(time.monotonic(), urgent=urgent):  # noqa: ASYNC110 - time alone brings it
                await asyncio.sleep(wait)

    def reserve(self, chat: int, now: float, *, urgent: bool = False) -> float:
        """How long to wait for the chat's next turn, which is then given away."""
        window = self._chats.get(chat)
        if window is None:
            self._forget_quiet(now)
            window = self._chats[chat] = Window(GROUP if chat < 0 else PRIVATE)
        at = max(window.next(now, urgent=urgent), self._held.get(chat, now))
        if at - now > PATIENCE:
            raise Later(at - now)
        window.give(at)
        return at - now

    def reserve_overall(self, now: float, *, urgent: bool = False) -> float:
        """How long until there may be a turn; one that is there now is given away, and none for later.

        Asked only when the chat's turn has come, so that nobody holds a place in both queues.
        """
        at = self._overall.next(now, urgent=urgent)
        if at <= now:
            self._overall.give(now)
        return at - now

    def admits_stranger(self, now: float) -> bool:
        """Whether one more is told something."""
        admitted = self._strangers.next(now) <= now
        if admitted:
            self._strangers.give(now)
        return admitted

    def hold(self, chat: int, seconds: float, now: float) -> None:
        self._held[chat] = now + seconds

    def _forget_quiet(self, now: float) -> None:
        if len(self._chats) >= KNOWN:
            self._chats = {chat: window for chat, window in self._chats.items() if not window.is_quiet(now)}
        self._held = {chat: until for chat, until in self._held.items() if until > now}


@dataclass(frozen=True, slots=True)
class Urgently:
    """The same pace for those who go first."""

    pace: Pace

    async def turn(self, chat: int) -> None:
        await self.pace.turn(chat, urgent=True)

    def hold(self, chat: int, seconds: float, now: float) -> None:
        self.pace.hold(chat, seconds, now)
