"""Which days a board covers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.standing.boards.rules import Period, Season, first_day

EPOCH = date(1970, 1, 1)


def day(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH).days


@pytest.mark.parametrize(
    ("period", "today", "first"),
    [
        (Period.WEEK, "2026-03-01", "2026-02-23"),  # a Sunday
        (Period.WEEK, "2026-03-02", "2026-03-02"),  # a Monday
        (Period.WEEK, "2026-01-01", "2025-12-29"),
        (Period.WEEK, "1970-01-05", "1970-01-05"),
        (Period.MONTH, "2026-03-01", "2026-03-01"),
        (Period.MONTH, "2024-02-29", "2024-02-01"),
        (Period.MONTH, "2026-12-31", "2026-12-01"),
        (Period.SEASON, "2026-03-01", "2026-01-01"),
        (Period.SEASON, "2026-12-31", "2026-10-01"),
        (Period.SEASON, "2024-02-29", "2024-01-01"),
        (Period.ALL, "2026-03-01", "1970-01-01"),
    ],
)
def test_a_period_begins(period: Period, today: str, first: str) -> None:
    """A week begins on Monday, a month on its first day, all time before the first message."""
    assert first_day(period, day(today)) == day(first)


@pytest.mark.parametrize(
    ("season", "today", "first"),
    [
        (Season.QUARTER, "2026-06-30", "2026-04-01"),
        (Season.HALF, "2026-06-30", "2026-01-01"),
        (Season.HALF, "2026-07-01", "2026-07-01"),
        (Season.YEAR, "2026-12-31", "2026-01-01"),
    ],
)
def test_a_season_is_as_long_as_it_is_set(season: Season, today: str, first: str) -> None:
    """A quarter, half a year, or a year."""
    assert first_day(Period.SEASON, day(today), season) == day(first)


@given(some.integers(0, 60_000))
def test_a_period_holds_today(today: int) -> None:
    """Whatever the day, it is among the seven days of its week and the days of its month."""
    week, month = first_day(Period.WEEK, today), first_day(Period.MONTH, today)

    assert 0 <= today - week < 7
    assert date.fromordinal(EPOCH.toordinal() + week).weekday() == 0
    assert 0 <= today - month < 31
    assert date.fromordinal(EPOCH.toordinal() + month).day == 1
