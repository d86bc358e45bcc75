"""Which day a moment belongs to in a member's time zone, as a number of days since 1970-01-01.

The number is stored with what was counted for that day, and only read back: a change of zone moves nothing.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson

#: `date.toordinal` of day 0
EPOCH = date(1970, 1, 1).toordinal()
#: the setting that says where the community lives; the community capability declares it
TIME_ZONE = "community.time_zone"


class Calendar:
    """The days of one zone. It keeps the day last asked for, since moments mostly come in order."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        #: an impossible day: no moment lies in it
        self._day, self._begins, self._ends = -EPOCH - 1, 0, 0

    def day(self, at: int) -> int:
        """The day of a moment in epoch milliseconds. A clock set back past midnight does not bring yesterday back."""
        if self._begins <= at < self._ends:
            return self._day
        day = datetime.fromtimestamp(at / 1000, self.zone).toordinal() - EPOCH
        day += (at >= self.begins(day + 1)) - (at < self.begins(day))
        begins, ends = self.begins(day), self.begins(day + 1)
        self._day, self._begins, self._ends = day, begins, ends
        return day

    def date_of(self, at: int) -> date:
        return date.fromordinal(EPOCH + self.day(at))

    def time(self, at: int) -> str:
        return f"{datetime.fromtimestamp(at / 1000, self.zone):%H:%M}"

    def begins(self, day: int) -> int:
        """The day's first moment: its first midnight, or when midnight would be if the clock leaps over it."""
        if day == self._day + 1:
            return self._ends
        midnight = datetime.fromordinal(EPOCH + day).replace(tzinfo=self.zone)
        return round(midnight.timestamp()) * 1000


def moment(at: int) -> datetime:
    """Epoch milliseconds as the catalogues take them."""
    return datetime.fromtimestamp(at / 1000, UTC)


@cache
def calendar_in(zone: str | None = None) -> Calendar:
    """The calendar of a zone by its name; of UTC where there is no name, or where the zone is no longer known."""
    try:
        return Calendar(ZoneInfo(zone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return Calendar(ZoneInfo("UTC"))


def calendar_of(stored: Mapping[str, str]) -> Calendar:
    """The community's own calendar, from its stored settings."""
    zone = stored.get(TIME_ZONE)
    return calendar_in(orjson.loads(zone) if zone else None)
