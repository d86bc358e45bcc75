"""Notices that the event loop stands still, says where, and ends a process whose loop does not come back.

Code that holds the interpreter lets no other thread run; matching a regular expression does so. So after a while a
signal arrives, which even a regular expression checks for, and makes way for the thread that reports. Where nothing
checks for signals either, a thread of the interpreter's own ends the process after twice that time. The report tells
only the lines, never the data.
"""

import asyncio
import faulthandler
import os
import signal
import sys
import threading
import time
from traceback import StackSummary, walk_stack
from types import FrameType

import structlog

from bot.core.metrics import STALLS

log = structlog.get_logger(__name__)

#: seconds without a beat: first until it is reported, then until the process is ended, so that its supervisor starts
#: another
TELL, END = 5.0, 60.0
#: seconds between beats
BEAT = 1.0
#: the exit code that a supervisor sees then
STOOD_STILL = 70
#: lines of the stack to report, innermost first
LINES = 12


class Watch:
    def __init__(self, *, tell: float = TELL, end: float = END) -> None:
        self._tell = tell
        self._end = end
        self._step = min(BEAT, tell / 4)
        self._beats = 0
        self._over = threading.Event()

    async def keep(self) -> None:
        """Beat until cancelled; on the main thread only, where signals arrive."""
        before = signal.signal(signal.SIGALRM, _make_way)
        looking = threading.Thread(target=self._look, args=[threading.get_ident()], name="watch", daemon=True)
        looking.start()
        try:
            while True:
                self._beats += 1
                signal.setitimer(signal.ITIMER_REAL, self._tell, self._step)
                faulthandler.dump_traceback_later(2 * self._end, exit=True)
                await asyncio.sleep(self._step)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            faulthandler.cancel_dump_traceback_later()
            self._over.set()
            signal.signal(signal.SIGALRM, before)

    def _look(self, watched: int) -> None:
        """Count time only while we look: a machine that slept, or a stopped process, did not stand still."""
        seen, stood, told = self._beats, 0.0, False
        while not self._over.wait(self._step):
            if seen != self._beats:
                if told:
                    log.warning("event loop goes on", stood=round(stood, 1))
                seen, stood, told = self._beats, 0.0, False
                continue
            stood += self._step
            if stood >= self._tell and not told:
                told = True
                STALLS.inc()
                log.error("event loop stands still", seconds=round(stood, 1), where=_where(watched))
            if stood >= self._end:
                log.critical("event loop does not come back", seconds=round(stood, 1), where=_where(watched))
                os._exit(STOOD_STILL)


def _make_way(_number: int, _frame: FrameType | None) -> None:
    """Make way for the watching thread while it needs it."""
    time.sleep(0.05)


def _where(thread: int) -> list[str]:
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - the interpreter offers no other way
    found = StackSummary.extract(walk_stack(frame), limit=LINES, lookup_lines=False)
    return [f"{each.filename}:{each.lineno} {each.name}" for each in found if each.name != _make_way.__name__]
