"""When one day of taking part follows another, even if the member changes time zones."""

from collections.abc import Iterable

from bot.kit import Calendar
from models.spans import HOUR
from models.streaks import Run

HALF_DAY = 12 * HOUR
#: numbers of days in a row that we announce
MILESTONES = frozenset({7, 30, 100, 365})


def went_on(run: Run | None, at: int, calendar: Calendar) -> Run | None:
    """The run with the day of this moment added; None when it adds none.

    A counted day lasts until its own midnight, and neither it nor an earlier day counts again: a member who changes
    zones has no day twice. Nor do they lose one: the next day follows, or a later one, if more of it than of any other
    is left when the last day ends.
    """
    day = calendar.day(at)
    if run is None:
        return Run(1, day, calendar.begins(day + 1), 1)
    if at < run.ends_at or day <= run.last_day:
        return None
    follows = day <= max(run.last_day + 1, calendar.day(run.ends_at + HALF_DAY))
    days = run.days + 1 if follows else 1
    return Run(days, day, calendar.begins(day + 1), max(days, run.longest))


def gone_on(run: Run | None, moments: Iterable[int], calendar: Calendar) -> list[tuple[int, Run]]:
    """The moments that each begin another day, with the run at that point."""
    steps = []
    for at in sorted(moments):
        if step := went_on(run, at, calendar):
            run = step
            steps.append((at, step))
    return steps
