"""Decides how fast we may speak: Telegram's limits as plain arithmetic over times, with the waiting in one place."""

import asyncio
import time
from bisect import insort
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.kit.errors import Later

#: if the wait is longer, others work meanwhile
PATIENCE = 20.0
#: quiet chats are forgotten when we know more than these
KNOWN = 10_000


class Limit(NamedTuple):
    """At most so many turns in so many seconds; some of them are kept for urgent messages."""

    turns: int
    seconds: float
    kept: int = 0


OVERALL = Limit(30, 1.0, kept=5)
#: the part of it that all strangers together may use; we do not answer more of them
STRANGERS = Limit(10, 2.0)
PRIVATE = Limit(1, 1.0)
GROUP = Limit(20, 60.0, kept=5)


class Window:
    """The last turns; the next turn comes when the oldest of them is long enough ago."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._turns: list[float] = []

    def next(self, now: float, *, urgent: bool = False) -> float:
        turns = self._limit.turns - (0 if urgent else self._limit.kept)
        if len(self._turns) < turns:
            return now
        return max(now, self._turns[-turns] + self._limit.seconds)

    def give(self, at: float) -> None:
        insort(self._turns, at)  # an urgent turn comes before turns given for later
        del self._turns[: -self._limit.turns]

    def is_quiet(self, now: float) -> bool:
        return not self._turns or self._turns[-1] + self._limit.seconds <= now


@dataclass(slots=True)
class Pace:
    _overall: Window = field(default_factory=lambda: Window(OVERALL))
    _strangers: Window = field(default_factory=lambda: Window(STRANGERS))
    #: those who wait for a turn in `_overall`, in order of arrival: first not urgent, second urgent
    _lines: tuple[asyncio.Lock, asyncio.Lock] = field(default_factory=lambda: (asyncio.Lock(), asyncio.Lock()))
    _chats: dict[int, Window] = field(default_factory=dict)
    #: until when a chat is held after a flood wait; the others go on
    _held: dict[int, float] = field(default_factory=dict)

    async def turn(self, chat: int, *, urgent: bool = False) -> None:
        """Wait until we may speak there; if that is far off, raise Later instead."""
        if wait := self.reserve(chat, time.monotonic(), urgent=urgent):
            await asyncio.sleep(wait)
        async with self._lines[urgent]:
            while wait := self.reserve_overall(time.monotonic(), urgent=urgent):  # noqa: ASYNC110 - only time brings it
                await asyncio.sleep(wait)

    def reserve(self, chat: int, now: float, *, urgent: bool = False) -> float:
        """Give away the chat's next turn, and return the seconds until it comes."""
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
        """Take a turn if there is one now, else return the seconds until there may be one; reserve nothing.

        Call it only when the chat's turn has come, so that nobody holds a place in both queues.
        """
        at = self._overall.next(now, urgent=urgent)
        if at <= now:
            self._overall.give(now)
        return at - now

    def admits_stranger(self, now: float) -> bool:
        """Whether we may answer one more stranger; it counts them."""
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
    """The same pace for urgent messages."""

    pace: Pace

    async def turn(self, chat: int) -> None:
        await self.pace.turn(chat, urgent=True)

    def hold(self, chat: int, seconds: float, now: float) -> None:
        self.pace.hold(chat, seconds, now)
