"""Which days a board covers."""

from datetime import date
from enum import Enum

from bot.calendar import EPOCH

MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}


class Period(Enum):
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


def first_day(period: Period, today: int) -> int:
    """In days since 1970-01-01, a Thursday, as entries count them; a week begins on Monday."""
    match period:
        case Period.WEEK:
            return today - (today + 3) % 7
        case Period.MONTH:
            return today + 1 - date.fromordinal(EPOCH + today).day
    return 0
