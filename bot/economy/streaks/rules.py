"""When one day of taking part follows another, wherever the member lives and has lived."""

from collections.abc import Iterable

from bot.kit import Calendar
from models.spans import HOUR
from models.streaks import Run

HALF_DAY = 12 * HOUR
#: days in a row that are worth telling
MILESTONES = frozenset({7, 30, 100, 365})


def went_on(run: Run | None, at: int, calendar: Calendar) -> Run | None:
    """The run with the day of this moment added; None when it adds none.

    A day once counted lasts until its own midnight, and neither it nor a day before it is counted again: whoever moves
    from zone to zone has no day twice. Nor do they lose one: what follows is the next number, or a later one when that
    is the day of which most is left when the last has ended.
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
    """The moments that each began another day, and what the run came to."""
    steps = []
    for at in sorted(moments):
        if step := went_on(run, at, calendar):
            run = step
            steps.append((at, step))
    return steps
