"""What time it is: the machine's clock, or one that a console or a test moves by hand."""

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """Epoch milliseconds."""


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def move(self, to: int) -> None:
        self._now = max(self._now, to)

    def set(self, to: int) -> None:
        """As the clock of a machine is set: also back."""
        self._now = to
