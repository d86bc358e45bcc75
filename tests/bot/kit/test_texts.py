"""Languages are chosen by the names people use, and words are formed as the language forms them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.kit.texts import Catalogue, duration

POLISH = """
[points]
got = {one = "{count} punkt", few = "{count} punkty", many = "{count} punktów", other = "{count} punktu"}
only = {other = "{count} razy"}
"""
ENGLISH = """
[points]
got = {one = "{count} point", other = "{count} points"}
only = {one = "once", other = "{count} times"}
late = "{lag} late"
fact = "{value}"
name = "points"
"""
CHINESE = """
[points]
got = {other = "{count} 分"}
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    for language, words in (("en", ENGLISH), ("pl", POLISH), ("zh-CN", CHINESE)):
        (tmp_path / language).mkdir()
        (tmp_path / language / "words.toml").write_text(words, encoding="utf-8")
    return Catalogue((tmp_path,))


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["zh-CN"], "zh-CN"),
        (["zh"], "zh-CN"),
        (["zh_Hans"], "zh-CN"),
        (["zh-TW"], "zh-CN"),
        (["ZH-hans-CN"], "zh-CN"),
        (["en-GB"], "en"),
        (["de", "pl-PL"], "pl"),
        ([None, "", "pl"], "pl"),
        (["pl", "en"], "pl"),
        (["tlh"], "en"),
        ([None], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_we_speak_is_chosen(catalogue: Catalogue, wanted: list[str | None], chosen: str) -> None:
    """Regions and scripts of one language mean that language; without one that we know it is English."""
    assert catalogue.choose(*wanted) == chosen


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("en", 0, "0 points"),
        ("en", 1, "1 point"),
        ("en", 1234, "1,234 points"),
        ("pl", 1, "1 punkt"),
        ("pl", 3, "3 punkty"),
        ("pl", 5, "5 punktów"),
        ("pl", 22, "22 punkty"),
        ("zh-CN", 1, "1 分"),
        ("zh-CN", 5, "5 分"),
    ],
)
def test_plurals_follow_the_language(catalogue: Catalogue, language: str, count: int, words: str) -> None:
    """CLDR's rules choose the form, and the number is written as in the language."""
    assert catalogue.plain(language, "points.got", count=count) == words


def test_a_plural_without_the_form_uses_other(catalogue: Catalogue) -> None:
    """A language that omits a form means its general one."""
    assert catalogue.plain("pl", "points.only", count=1) == "1 razy"


def test_what_one_language_lacks_is_said_in_english(catalogue: Catalogue) -> None:
    """A missing word is English, with its numbers and times; an optional one stays missing."""
    assert catalogue.plain("zh-CN", "points.late", lag=timedelta(hours=1)) == "1 hour late"
    assert catalogue.option("zh-CN", "points.name") is None
    assert catalogue.option("en", "points.name") == "points"
    assert catalogue.has("points.late")
    assert not catalogue.has("points.early")


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (timedelta(0), "0 seconds", "0秒"),
        (timedelta(seconds=1), "1 second", "1秒"),
        (timedelta(minutes=90), "1 hour 30 minutes", "1小时30分钟"),
        (timedelta(days=3, hours=12, minutes=5), "3 days 12 hours", "3天12小时"),
        (timedelta(days=365), "365 days", "365天"),
        (timedelta(days=1, seconds=5), "1 day 5 seconds", "1天5秒"),
    ],
)
def test_durations_are_told_exactly(value: timedelta, english: str, chinese: str) -> None:
    """The two largest units, without rounding."""
    assert duration(value, "en") == english
    assert duration(value, "zh-CN") == chinese


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "✓"),
        (False, "✗"),
        (None, "–"),
        (1234567, "1,234,567"),
        ("**x**", "**x**"),
        (datetime(2026, 1, 5, 12, tzinfo=UTC), "Jan 5, 2026, 12:00:00 PM UTC"),
    ],
)
def test_values_are_written_as_the_language_writes_them(catalogue: Catalogue, value: object, shown: str) -> None:
    """Numbers, moments, yes and no, and nothing."""
    words = catalogue.plain("en", "points.fact", value=value)

    assert words.replace("\u202f", " ") == shown
