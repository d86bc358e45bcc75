"""How long to wait before we connect again: shortly, unless so many sessions began that Discord's day would run out."""

import time
from collections import deque

from discord.backoff import ExponentialBackoff

#: Discord allows 1,000 sessions a day; within any hour so many may begin without haste being a fault
AN_HOUR = 40
HOUR = 3600.0
#: the longest wait while members wait for us, and where haste would cost more than it brings
SOON, LONGEST = 15.0, 300.0


class Sessions:
    """The moments at which the last ones began, for all connections of this process."""

    def __init__(self) -> None:
        self._begun: deque[float] = deque(maxlen=AN_HOUR)

    def __len__(self) -> int:
        return len(self._begun)

    def begin(self, now: float) -> None:
        self._begun.append(now)

    def longest(self, now: float) -> float:
        spent = len(self._begun) == AN_HOUR and self._begun[0] > now - HOUR
        return LONGEST if spent else SOON


SESSIONS = Sessions()


class Pauses(ExponentialBackoff[bool]):
    """discord.py's own between two tries to reconnect, which would grow to a quarter of an hour."""

    def delay(self) -> float:
        return min(super().delay(), SESSIONS.longest(time.monotonic()))
