"""Makes text from outside fit to be stored: no NUL, no half of a character, no endless key."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar

from bot.kit.references import UNREAD

Value = TypeVar("Value")

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
#: a visible mark of the same length, so that a refused character never turns a name into another name
INSTEAD = UNREAD
#: the largest integer the engines count with
LEAST, MOST = -(2**63), 2**63 - 1
#: the fields that name something for the platforms and for us, and how long a name is anywhere in the store
KEYS = {"id": 100, "message": 100, "old": 100, "cause": 200, "about": 200, "added": 200}


def writable(value: Value) -> Value:
    """Returns the very same object if nothing is wrong with it."""
    made: Any = _writable(value)
    return made  # type: ignore[no-any-return] # of the type it had


def _writable(value: Any) -> Any:
    match value:
        case str():
            return value if value.isprintable() else _text(value)
        case bool() | float() | None:
            return value
        case int():
            return min(max(value, LEAST), MOST)
        case Mapping():
            made = {_writable(key): _writable(each) for key, each in value.items()}
            return made if _differ(made.values(), value.values()) or _differ(made, value) else value
        case tuple() | list() | frozenset():
            items = [_writable(each) for each in value]
            return type(value)(items) if _differ(items, value) else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {name: getattr(value, name) for name in _names(type(value))}
    changed = {name: made for name, part in parts.items() if (made := _part(name, part)) is not part}
    return replace(value, **changed) if changed else value


def _part(name: str, part: Any) -> Any:
    made = _writable(part)
    return _key(made, KEYS[name]) if isinstance(made, str) and name in KEYS else made


def _key(text: str, longest: int) -> str:
    """Shorten a key: keep its beginning and a fingerprint, so that two keys stay different; none is empty."""
    if len(text) <= longest:
        return text or INSTEAD
    return f"{text[: longest - 33]}~{blake2b(text.encode(), digest_size=16).hexdigest()}"


def _text(text: str) -> str:
    if not _UNWRITABLE.search(text):
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # two halves make one character
    return whole.replace("\0", INSTEAD)


def _differ(made: Any, given: Any) -> bool:
    return any(one is not other for one, other in zip(made, given, strict=True))


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
