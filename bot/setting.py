"""A setting's value between its declaration and the store, where it is JSON text."""

from datetime import timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.errors import Refusal
from bot.options import READERS, Kind, Option, write_duration
from bot.people import Role
from models.communities import Place


def encode(value: Any) -> str:
    match value:
        case timedelta():
            value = write_duration(value)
        case Enum():
            value = value.value
        case ZoneInfo():
            value = value.key
        case Place(id=number):
            value = number
        case Role(id=number, name=name):
            value = {"id": number, "name": name}
    return orjson.dumps(value).decode()


def decode(option: Option, stored: str | None) -> Any:
    """The value, or the default when there is none or when it is no longer allowed."""
    if stored is None:
        return option.default
    word = orjson.loads(stored)
    if option.kind is Kind.ROLE:
        return Role(word["id"], word["name"])
    if option.kind is Kind.PLACE:
        return word
    try:
        return READERS[option.kind](option, word)
    except Refusal:
        return option.default
