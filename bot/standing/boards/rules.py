"""Which days a board covers."""

from datetime import date
from enum import Enum

from bot.kit.calendar import EPOCH

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


class Period(Enum):
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    ALL = "all"


class Season(Enum):
    """How long a season is; each begins on the first day of a month, and the first of a year in January."""

    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS = {Season.QUARTER: 3, Season.HALF: 6, Season.YEAR: 12}


def first_day(period: Period, today: int, season: Season = Season.QUARTER) -> int:
    """In days since 1970-01-01, a Thursday, like the days of entries; a week begins on Monday."""
    match period:
        case Period.SEASON:
            now = date.fromordinal(EPOCH + today)
            begun = now.month - (now.month - 1) % MONTHS[season]
            return now.replace(month=begun, day=1).toordinal() - EPOCH
        case Period.WEEK:
            return today - (today + 3) % 7
        case Period.MONTH:
            return today + 1 - date.fromordinal(EPOCH + today).day
    return 0
