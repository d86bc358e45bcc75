"""Which day it is in a member's time zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.kit import Calendar
from bot.kit.calendar import EPOCH, TIME_ZONE, calendar_in, calendar_of

HOUR = 3_600_000
#: set forward and back, at midnight and before it, by half an hour and by a whole day, and never
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
)
zones = some.sampled_from(ZONES)
#: 1970 to 2100
moments = some.integers(0, 4_102_444_800_000)


def moment(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def number(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


@pytest.mark.parametrize(
    ("zone", "utc", "day"),
    [
        ("UTC", "1970-01-01T00:00:00", "1970-01-01"),
        ("Asia/Shanghai", "2026-03-01T15:59:59.999", "2026-03-01"),
        ("Asia/Shanghai", "2026-03-01T16:00:00", "2026-03-02"),
        ("America/New_York", "2026-03-09T03:59:59", "2026-03-08"),  # the day summer time began, of 23 hours
        ("America/New_York", "2026-03-09T04:00:00", "2026-03-09"),
        ("America/New_York", "2026-11-02T04:59:59", "2026-11-01"),  # the day it ended, of 25 hours
        ("America/New_York", "2026-11-02T05:00:00", "2026-11-02"),
        ("America/Sao_Paulo", "2018-11-04T02:59:59", "2018-11-03"),  # midnight was leapt over
        ("America/Sao_Paulo", "2018-11-04T03:00:00", "2018-11-04"),
        ("America/St_Johns", "2010-11-07T02:30:30", "2010-11-07"),  # at one past midnight the clock went back to 23:01
        ("America/St_Johns", "2010-11-07T03:00:00", "2010-11-07"),
        ("Pacific/Apia", "2011-12-30T09:59:59", "2011-12-29"),  # there was no 30th
        ("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-31"),
        ("Pacific/Kiritimati", "2026-03-01T10:00:00", "2026-03-02"),
        ("Pacific/Pago_Pago", "2026-03-01T10:59:59", "2026-02-28"),
    ],
)
def test_a_day_is_that_of_the_clock_on_the_wall(zone: str, utc: str, day: str) -> None:
    """Also where summer time begins or ends, at midnight or not, and where a day was left out."""
    assert calendar_in(zone).day(moment(utc)) == number(day)


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        ("UTC", "1970-01-01", "1970-01-01T00:00:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00"),
        ("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00"),
        ("America/Havana", "2026-03-08", "2026-03-08T05:00:00"),
        ("America/Havana", "2026-11-01", "2026-11-01T04:00:00"),  # midnight came twice
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00"),
    ],
)
def test_a_day_begins(zone: str, day: str, utc: str) -> None:
    """At its first midnight, or where the clock leapt over it."""
    assert calendar_in(zone).begins(number(day)) == moment(utc)


@given(zones, moments)
def test_every_moment_has_one_day(zone: str, at: int) -> None:
    """It lies between the beginnings of its day and of the next."""
    found = Calendar(ZoneInfo(zone))
    day = found.day(at)

    assert found.begins(day) <= at < found.begins(day + 1)
    assert abs(day - at // (24 * HOUR)) <= 1


@given(zones, some.lists(moments, max_size=20), some.integers(0, 100))
def test_what_was_asked_before_changes_nothing(zone: str, asked: list[int], hours: int) -> None:
    """In whatever order moments are asked for, their days have the order of the moments."""
    used = Calendar(ZoneInfo(zone))
    asked += [at + hours * HOUR for at in asked]
    found = {at: used.day(at) for at in asked}

    assert found == {at: Calendar(ZoneInfo(zone)).day(at) for at in asked}
    assert [found[at] for at in sorted(found)] == sorted(found.values())


def test_what_is_no_zone_is_utc() -> None:
    """For example a name that the tz database has dropped, or no name."""
    at = moment("2026-03-01T12:00:00")

    assert {calendar_in(each).day(at) for each in (None, "", "Mars/Olympus", "../etc/passwd")} == {at // (24 * HOUR)}


def test_a_community_has_its_own() -> None:
    """From its settings."""
    late = moment("2026-03-01T16:00:00")

    assert calendar_of({TIME_ZONE: '"Asia/Shanghai"'}).day(late) == calendar_of({}).day(late) + 1
