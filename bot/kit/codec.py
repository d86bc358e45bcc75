"""Events and effects as JSON text for the store: the one place where frozen data is written and read again."""

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from bot.kit.effects import EFFECTS, Effect
from bot.kit.events import EVENTS, Event

_KINDS: dict[str, type[Any]] = {**EVENTS, **EFFECTS}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])


def dump(value: Event | Effect) -> str:
    adapter = _adapter(type(value).__name__)
    try:
        return adapter.dump_json(value).decode()
    except PydanticSerializationError:  # half a surrogate pair, which no encoding can write, is written as ?
        text = json.dumps(adapter.dump_python(value, mode="json"), ensure_ascii=False)
        return text.encode(errors="replace").decode()


def load_event(kind: str, body: str) -> Event:
    event: Event = _adapter(kind).validate_json(body)
    return event


def load_effect(kind: str, body: str) -> Effect:
    effect: Effect = _adapter(kind).validate_json(body)
    return effect
