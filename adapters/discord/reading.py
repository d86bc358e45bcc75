"""Keeps aside what discord.py cannot read, so that everything else is still read."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
import structlog

from adapters.discord.events import DISCORD
from bot.core.metrics import UNREAD
from bot.kit.events import Unrecognised
from bot.kit.wordless import wordless

log = structlog.get_logger(__name__)

#: not wrapped: if one of these fails, the session begins again
VITAL = frozenset({"READY", "RESUMED"})
#: fields not kept: members' words, and the tokens for answering them; nor anything deeper than all that we read
UNTOLD = frozenset({"content", "token"})
DEEP = 12
#: characters kept of one payload
KEPT = 20_000

Parse = Callable[[Any], None]


def guard(parsers: dict[str, Parse], set_aside: Callable[[str, Any], None]) -> None:
    """Wrap the parsers, because one payload that fails in discord.py would otherwise close the connection."""
    for name, parse in parsers.items():
        if name not in VITAL:
            parsers[name] = partial(_read, name, parse, set_aside)


def _read(name: str, parse: Parse, set_aside: Callable[[str, Any], None], payload: Any) -> None:
    try:
        if name == "INTERACTION_CREATE":  # discord.py looks for the channel nowhere else
            payload.setdefault("channel", {"id": payload.get("channel_id")})
        parse(payload)
    except Exception as error:  # noqa: BLE001 - whatever it is, it concerns this payload alone, which is kept
        log.warning("gateway event not read", kind=name, error=wordless(error))
        set_aside(name, payload)


def unread(name: str, payload: Any, now: int) -> Unrecognised:
    UNREAD.labels(DISCORD, name).inc()
    raw = orjson.dumps({"t": name, "d": _told(payload)}, default=str)
    cause = f"{DISCORD}:unread:{hashlib.sha256(raw).hexdigest()[:16]}"
    return Unrecognised(cause=cause, at=now, platform=DISCORD, raw=raw.decode()[:KEPT])


def _told(value: Any, depth: int = DEEP) -> Any:
    if not depth:
        return None
    if isinstance(value, dict):
        return {str(key): _told(each, depth - 1) for key, each in value.items() if key not in UNTOLD}
    return [_told(each, depth - 1) for each in value] if isinstance(value, list) else value
