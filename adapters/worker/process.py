"""The worker itself, `python -m adapters.worker.process`: takes work and returns results until its input ends.

It imports heavy modules only when they are first needed. When the bot is gone, for whatever reason, the worker's
input ends, and so does the worker.
"""

import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

from adapters.worker.lines import DONE, FAILED, framed, read

#: the module for each kind of work; each has a `draw` that takes the values
KINDS = {"card": "adapters.worker.card", "certificate": "adapters.worker.certificate"}
#: lower priority: the one who waits for a picture matters less than all who write messages
NICENESS = 10


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    while (work := read(asked)) is not None:
        try:
            answer = framed(DONE, done(work["kind"], work["values"]))
        except Exception as error:  # noqa: BLE001 - the caller is told, and the next one is served
            answer = framed(FAILED, _where(error).encode(errors="replace"))
        answers.write(answer)
        answers.flush()


def _where(error: Exception) -> str:
    """Where it failed, without the error's text, which may quote what was to be drawn."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])


def done(kind: str, values: dict[str, Any]) -> bytes:
    result: bytes = import_module(KINDS[kind]).draw(values)
    return result


def main() -> None:
    """Work until the input ends; libraries may print, so standard output becomes standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
