"""Tells the time: from the machine's clock, or from one that a console or a test moves by hand."""

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """Epoch milliseconds."""

    def passed(self) -> int:
        """Milliseconds since a fixed moment, to measure durations: setting the clock does not change it."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def passed(self) -> int:
        return time.monotonic_ns() // 1_000_000


class HandClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._passed = 0

    def now(self) -> int:
        return self._now

    def passed(self) -> int:
        return self._passed

    def move(self, to: int) -> None:
        self._passed += max(0, to - self._now)
        self._now = max(self._now, to)

    def set(self, to: int) -> None:
        """Set the time as on a machine's clock, also back; `passed` does not change."""
        self._now = to
