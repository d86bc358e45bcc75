"""Tells what went wrong without the words that somebody wrote: exceptions often quote what they were given."""

import re
import sqlite3
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
#: packages whose exceptions say only what we wrote
OURS = ("bot", "adapters", "models")
#: attributes by which PostgreSQL and Discord name an error; their sentences hold whole rows, or what was posted
NUMBERS = ("sqlstate", "constraint_name", "status", "code")
#: quotes are removed even from these, such as a word that a platform could not read
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|“[^“”]*”|`[^`]*`")


def wordless(error: BaseException) -> str:
    """One line: the error's kind, its message, and where in our code it came from."""
    return "".join([named(error), *(f" ({place})" for place in _places(error.__traceback__))])


def named(error: BaseException) -> str:
    said = _QUOTED.sub("…", _said(error).partition("\n")[0]).strip()
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def traced(error: BaseException, before: frozenset[int] = frozenset()) -> str:
    """The traceback as Python prints it, with all errors that led to it."""
    before |= {id(error)}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = [f"{traced(cause, before)}\n\nwhich led to\n\n"] if cause and id(cause) not in before else []
    parts += ["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__), named(error)]
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return "".join([*parts, *(f"\n\n{traced(each, before)}" for each in inner if id(each) not in before)])


def _said(error: BaseException) -> str:
    """The error's message, or only its numbers where the message may quote what the error was given."""
    match error:
        case sqlite3.IntegrityError() | OSError():
            return str(error)
        case sqlite3.Error(sqlite_errorname=str(name)):
            return name
    if type(error).__module__.partition(".")[0] in OURS:
        return str(error)
    return " ".join(str(number) for name in NUMBERS if (number := getattr(error, name, None)) is not None)


def _places(trace: TracebackType | None) -> Iterator[str]:
    """The last line of our own code in the trace."""
    frames = [each for each in traceback.extract_tb(trace) if _is_ours(each.filename)]
    for frame in frames[-1:]:
        yield f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno} in {frame.name}"


def _is_ours(file: str) -> bool:
    path = Path(file)
    return path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS
