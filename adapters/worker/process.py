"""The worker itself, `python -m adapters.worker.process`: work comes in, results go out, until the input ends.

It imports what is heavy only when it is first needed. When the bot is gone, however it went, its input ends, and so
does the worker.
"""

import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

from adapters.worker.lines import DONE, FAILED, framed, read

#: which module knows each kind of work; each has a `draw` that takes the values
KINDS = {"card": "adapters.worker.card", "certificate": "adapters.worker.certificate"}
#: whoever waits for a picture waits less than everybody who writes a message
NICENESS = 10


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    while (work := read(asked)) is not None:
        try:
            answer = framed(DONE, done(work["kind"], work["values"]))
        except Exception as error:  # noqa: BLE001 - told to whoever asked, and the next one is served
            answer = framed(FAILED, _where(error).encode(errors="replace"))
        answers.write(answer)
        answers.flush()


def _where(error: Exception) -> str:
    """Without what it says, which may quote what was to be drawn."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])


def done(kind: str, values: dict[str, Any]) -> bytes:
    result: bytes = import_module(KINDS[kind]).draw(values)
    return result


def main() -> None:
    """What libraries print must not come between the answers, so standard output becomes standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
