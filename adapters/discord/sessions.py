"""Decides how long to wait before we connect again: shortly, unless too many sessions used up Discord's daily limit."""

import time
from collections import deque

from discord.backoff import ExponentialBackoff

#: Discord allows 1,000 sessions a day; so many within any hour are normal
AN_HOUR = 40
HOUR = 3600.0
#: the longest wait normally, and when too many sessions have begun
SOON, LONGEST = 15.0, 300.0


class Sessions:
    """The moments when the last sessions began, for all connections of this process."""

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
    """discord.py's pauses between tries to reconnect, which would otherwise grow to a quarter of an hour."""

    def delay(self) -> float:
        return min(super().delay(), SESSIONS.longest(time.monotonic()))
