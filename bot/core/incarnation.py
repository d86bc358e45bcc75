"""Tells which process this is and whether another still runs: a number is not enough, since the system reuses it."""

import os
import socket
from pathlib import Path
from typing import NamedTuple

#: the states of a process that has ended but is not removed yet, or is ending now
DEAD = frozenset("ZX")
#: where a process's state and its start stand in its line, counted after its name
STATE, STARTED = 0, 19


class _Seen(NamedTuple):
    state: str
    started: str


def me() -> str:
    """Host, number and start of this process; the start as far as the system tells it."""
    seen = _look(os.getpid())
    return f"{socket.gethostname()}:{os.getpid()}:{seen.started if seen else ''}"


def shown(holder: str) -> str:
    """The form in which an operator can look for it."""
    return ":".join(holder.split(":")[:2])


def gone(holder: str) -> bool:
    """Whether the process is known to be dead, as after a kill; nothing is known of other machines' processes."""
    host, number, started = [*holder.split(":"), "", ""][:3]
    if host != socket.gethostname() or not number.isdigit():
        return False
    seen = _look(int(number))
    if int(number) == os.getpid():
        # In a container every process has our number, so the process before us is gone.
        return not (seen and seen.started == started)
    if seen:
        return seen.state in DEAD or (bool(started) and seen.started != started)
    return not _answers(int(number))


def _look(number: int) -> _Seen | None:
    """State and start of a process; None if there is no such process or the system does not tell."""
    try:
        line = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    words = line.rpartition(")")[2].split()  # a name may hold anything, brackets too
    return _Seen(words[STATE], words[STARTED])


def _answers(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
