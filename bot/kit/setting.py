"""Turns a setting's value into JSON text for the store, and back."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.kit.calendar import Calendar, calendar_of
from bot.kit.capability import Setting
from bot.kit.errors import Refusal
from bot.kit.options import NEVER, NO, READERS, Kind, Option, write_duration
from bot.kit.references import Role
from models import settings
from models.communities import Place
from models.store import Tx

#: the settings that the core itself reads, beside the time zone; the community capability declares them
LANGUAGE, COMMON_PLACE = "community.language", "community.common_place"
#: the circle that read that place when an administrator said that everybody reads it; it holds for that circle only
COMMON_CIRCLE = "community.common_circle"


#: what an administrator types to switch a setting off
OFF = NO | NEVER | {"nothing", "-", "空"}
#: the values that stand for "off"
NONE: dict[Kind, Any] = {Kind.TEXT: "", Kind.WHOLE: 0, Kind.DURATION: timedelta(0), Kind.YES_NO: False}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a community configured, read once for everything that one transaction does."""

    stored: dict[str, str]

    def of(self, declared: Setting) -> Any:
        return decode(declared.option, self.stored.get(declared.key))

    def copy(self) -> "Settings":
        """For a command, which may change settings and then be undone."""
        return Settings(dict(self.stored))

    async def put(self, tx: Tx, community: int, key: str, value: str | None, now: int) -> None:
        """Store it, for what follows in the transaction too; None takes the setting back to its default."""
        await settings.put(tx, community, key, value, now)
        if value is None:
            self.stored.pop(key, None)
        else:
            self.stored[key] = value

    @property
    def calendar(self) -> Calendar:
        return calendar_of(self.stored)

    @property
    def language(self) -> str | None:
        language: str | None = self._read(LANGUAGE)
        return language

    @property
    def common(self) -> tuple[int | None, str]:
        """The place that all members read, and the circle that it was chosen for."""
        return self._read(COMMON_PLACE), self._read(COMMON_CIRCLE) or ""

    def _read(self, key: str) -> Any:
        stored = self.stored.get(key)
        return orjson.loads(stored) if stored else None


async def configured(tx: Tx, community: int) -> Settings:
    return Settings(await settings.get_all(tx, community))


def may_be_off(option: Option) -> bool:
    return option.default is None or (option.kind in NONE and (option.bounds is None or option.bounds.low <= 0))


def when_off(option: Option) -> Any:
    """The value of a setting that is switched off."""
    return None if option.default is None else NONE[option.kind]


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
