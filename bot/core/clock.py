"""What time it is: the machine's clock, or one that a console or a test moves by hand."""

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """Epoch milliseconds."""

    def passed(self) -> int:
        """Milliseconds since some moment, by which one tells how long a thing lasted: setting the clock adds none."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def passed(self) -> int:
        return time.monotonic_ns() // 1_000_000


class HandClock:
    """Stands still until it is moved."""

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
        """As the clock of a machine is set, also back: no time passes."""
        self._now = to
