"""When one day of taking part follows another."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.economy.streaks.rules import gone_on, went_on
from bot.kit.calendar import calendar_in
from models.streaks import Run

HOUR = 3_600_000
DAY = 24 * HOUR
#: from the zone where a day begins last to the one where it begins first: twenty-five hours apart
WEST, LONDON, EAST = "Pacific/Pago_Pago", "Europe/London", "Pacific/Kiritimati"
ZONES = (WEST, "America/St_Johns", "UTC", LONDON, "Asia/Kathmandu", EAST)


def moment(text: str) -> int:
    return round(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC).timestamp() * 1000)


def days(*deeds: tuple[str, str]) -> list[int]:
    """How many days in a row each deed makes, 0 where it adds none; a deed is a moment in UTC and a zone."""
    run: Run | None = None
    found = []
    for at, zone in deeds:
        step = went_on(run, moment(at), calendar_in(zone))
        found.append(step.days if step else 0)
        run = step or run
    return found


@pytest.mark.parametrize(
    ("deeds", "found"),
    [
        (["03-01T12:00"], [1]),
        (["03-01T00:00", "03-01T23:59:59.999"], [1, 0]),
        (["03-01T23:59:59.999", "03-02T00:00"], [1, 2]),
        (["03-01T00:00", "03-02T23:59:59.999"], [1, 2]),
        (["03-01T23:59", "03-03T00:00"], [1, 1]),
        (["03-01T12:00", "03-02T12:00", "03-05T12:00", "03-06T12:00"], [1, 2, 1, 2]),
        (["03-28T12:00", "03-29T22:59", "03-30T22:59"], [1, 2, 3]),  # summer time begins on the 29th
        (["03-28T12:00", "03-29T22:30", "03-30T23:30"], [1, 2, 1]),
        (["03-02T12:00", "03-01T12:00"], [1, 0]),
    ],
)
def test_a_day_follows_the_day_before(deeds: list[str], found: list[int]) -> None:
    """From midnight to midnight, however long the day; a late deed of an earlier day adds none."""
    assert days(*((deed, LONDON) for deed in deeds)) == found


@pytest.mark.parametrize(
    ("deeds", "found"),
    [
        # Far to the east: tomorrow is here already, but today is not over until it would have been at home.
        ([("03-01T12:00", WEST), ("03-01T12:01", EAST)], [1, 0]),
        ([("03-01T12:00", WEST), ("03-02T10:59", EAST), ("03-02T11:00", EAST)], [1, 0, 2]),
        # The 2nd was over before the 1st had ended at home, and is forgiven.
        ([("03-01T12:00", WEST), ("03-03T09:59", EAST)], [1, 2]),
        ([("03-01T12:00", WEST), ("03-03T10:00", EAST)], [1, 1]),
        # Far to the west: it is yesterday again, which counts for nothing, and then the same day once more.
        ([("03-01T12:00", EAST), ("03-01T12:01", WEST), ("03-02T12:00", WEST)], [1, 0, 0]),
        ([("03-01T12:00", EAST), ("03-03T11:00", WEST), ("03-04T11:00", WEST)], [1, 2, 3]),
        # There and back within a day.
        (
            [("03-01T12:00", LONDON), ("03-01T13:00", EAST), ("03-01T14:00", WEST), ("03-02T09:00", LONDON)],
            [1, 0, 0, 2],
        ),
    ],
)
def test_a_move_neither_gives_a_day_nor_takes_one(deeds: list[tuple[str, str]], found: list[int]) -> None:
    """A member who took part day by day continues where they arrive, and nobody gains by moving."""
    assert days(*deeds) == found


@given(some.lists(some.tuples(some.integers(0, 60 * 24), some.sampled_from(ZONES)), max_size=60))
def test_no_stretch_of_time_pays_twice(deeds: list[tuple[int, str]]) -> None:
    """However a member moves, a row of days takes as long as days do, and its days have growing numbers."""
    run: Run | None = None
    counted: list[tuple[int, Run]] = []
    for hour, zone in sorted(deeds):
        at = moment("03-01T00:00") + hour * HOUR
        if step := went_on(run, at, calendar_in(zone)):
            counted.append((at, run := step))

    numbers = [step.last_day for _, step in counted]
    assert numbers == sorted(set(numbers))
    assert all(at >= before.ends_at for (_, before), (at, _) in pairwise(counted))
    assert all(step.longest >= step.days for _, step in counted)


@given(some.sampled_from(ZONES), some.lists(some.sampled_from(ZONES), min_size=2, max_size=30))
def test_taking_part_all_day_breaks_no_row(first: str, zones: list[str]) -> None:
    """Wherever a member moves to each noon, as long as they are seen every hour."""
    run: Run | None = None
    steps = 0
    for day, zone in enumerate([first, *zones]):
        for hour in range(24):
            at = moment("03-01T12:00") + day * DAY + hour * HOUR
            if step := went_on(run, at, calendar_in(zone)):
                run, steps = step, steps + 1

    assert run is not None
    assert run.days == steps


@given(some.lists(some.integers(0, 60 * 24), max_size=60))
def test_a_batch_is_as_many_batches(hours: list[int]) -> None:
    """Deeds that come together, in whatever order, count as they would one by one in order."""
    moments = [hour * HOUR for hour in hours]
    calendar = calendar_in(LONDON)
    run: Run | None = None
    alone = []
    for at in sorted(moments):
        if step := went_on(run, at, calendar):
            run = step
            alone.append((at, step))

    assert gone_on(None, moments, calendar) == alone
