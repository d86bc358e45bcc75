"""The words of the product: catalogues in TOML, chosen by language, addressed by path, with CLDR plurals."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal

from bot.kit.markup import Mention, Rich, Span, fill, plain

Plural = dict[str, str]
DEFAULT = "en"

#: the value that chooses among plural forms
COUNT = "count"

#: the units in which durations are told, in seconds
UNITS: tuple[tuple[int, Literal["day", "hour", "minute", "second"]], ...] = (
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
    (1, "second"),
)


#: languages without blanks, where the short names of units are the usual words
WHOLE = frozenset({"zh"})


class Catalogue:
    """Every language's words by full path, such as `settings.set.done`."""

    def __init__(self, folders: tuple[Path, ...] = (Path(__file__).parents[1] / "locales",)) -> None:
        self._words: dict[str, dict[str, str | Plural]] = {}
        for file in sorted(file for folder in folders for file in folder.glob("*/*.toml")):
            words = self._words.setdefault(file.parent.name, {})
            words.update(_flatten(tomllib.loads(file.read_text(encoding="utf-8"))))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._words)

    def paths(self, language: str) -> Mapping[str, str | Plural]:
        return self._words[language]

    def choose(self, *wanted: str | None) -> str:
        """The first wanted language that we speak; `zh`, `zh_Hans` and `zh-TW` all mean the Chinese we have."""
        for tag in wanted:
            if not tag:
                continue
            if tag in self._words:
                return tag
            family = tag.replace("_", "-").split("-")[0].lower()
            for language in self._words:
                if language.split("-")[0] == family:
                    return language
        return DEFAULT

    def has(self, path: str) -> bool:
        return path in self._words[DEFAULT]

    def rich(self, language: str, path: str, values: Mapping[str, Any]) -> Rich:
        found = self._words[language].get(path)
        if found is None:
            language, found = DEFAULT, self._words[DEFAULT][path]
        if isinstance(found, dict):
            form = _locale(language).plural_form(values[COUNT])
            found = found.get(form, found["other"])
        return fill(found, lambda slot: self._shown(values[slot], language))

    def _shown(self, value: Any, language: str) -> str | Rich | Mention:
        if isinstance(value, list):
            return self.plain(language, "list.between").join(value)
        return _shown(value, language)

    def plain(self, language: str, path: str, /, **values: Any) -> str:
        return plain(self.rich(language, path, values))

    def option(self, language: str, path: str) -> str | None:
        """Words that may be missing, such as a command's localised name."""
        found = self._words[language].get(path)
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of one language."""

    catalogue: Catalogue
    language: str

    def words(self, path: str, /, **values: Any) -> str:
        return self.catalogue.plain(self.language, path, **values)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def _flatten(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str | Plural]]:
    for key, value in table.items():
        path = f"{above}{key}"
        if isinstance(value, str) or "other" in value:
            yield path, value
        else:
            yield from _flatten(value, f"{path}.")


def _shown(value: Any, language: str) -> str | Rich | Mention:
    """A value as this language writes it."""
    match value:
        case str() | Mention():
            return value
        case tuple():
            return tuple(span for span in value if isinstance(span, Span))
        case Enum():
            return str(value.value)
        case bool():
            return "✓" if value else "✗"
        case int() | float():
            return format_decimal(value, locale=_locale(language))
        case timedelta():
            return duration(value, language)
        case datetime():
            return format_datetime(value.astimezone(UTC), "medium", locale=_locale(language)) + " UTC"
        case date():
            return format_date(value, "long", locale=_locale(language))
        case None:
            return "–"
        case _:
            return str(getattr(value, "name", value))


def duration(value: timedelta, language: str) -> str:
    """The two largest units that are not zero, such as 3 days 12 hours."""
    left, parts = max(0, round(value.total_seconds())), []
    whole = _locale(language).language in WHOLE
    form: Literal["short", "long"] = "short" if whole else "long"
    for unit, granularity in UNITS:
        count, left = divmod(left, unit)
        if count:
            step = timedelta(seconds=count * unit)
            parts.append(format_timedelta(step, granularity, 10**9, format=form, locale=_locale(language)))
    return ("" if whole else " ").join(parts[:2]) or format_timedelta(
        timedelta(0), "second", format=form, locale=_locale(language)
    )
