"""Makes what comes from outside fit to be written down: no NUL, no half of a character, no key that never ends."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar

from bot.kit.references import UNREAD

Value = TypeVar("Value")

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
#: visible, and of no other length, so that what was refused a character never becomes the name of something else
INSTEAD = UNREAD
#: what the engines count with
LEAST, MOST = -(2**63), 2**63 - 1
#: what names something for the platforms and for us, and how long it is anywhere in the store
KEYS = {"id": 100, "message": 100, "old": 100, "cause": 200, "about": 200, "added": 200}


def writable(value: Value) -> Value:
    """The very same object where nothing is wrong with it."""
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
    """What is too long keeps its beginning, and a fingerprint, so that no two become one; none is empty."""
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
