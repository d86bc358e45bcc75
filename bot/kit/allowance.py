"""How much one account may ask, and how often it may guess: token buckets as plain arithmetic over times."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, inf
from typing import NamedTuple

from bot.kit.errors import Refusal

#: accounts that are remembered; who asked nothing for longest is forgotten first
KNOWN = 10_000
#: that somebody is too quick is said once in so many seconds, unless their allowance was whole again meanwhile
AGAIN = 60.0
#: what is told to be longer before the latest goes by a clock of its own, or by one that was set back
ASTRAY = 60.0


class Limit(NamedTuple):
    """So much at once, and one more after so many seconds."""

    most: float
    seconds: float


@dataclass(slots=True)
class _Bucket:
    spent: float = 0.0
    #: when it was looked at last, and the latest time that it ever was looked at
    at: float = -inf
    top: float = -inf
    told: float = -inf


class Allowance:
    """Of any number of accounts, each under a key of its own."""

    def __init__(self) -> None:
        self._buckets: dict[object, _Bucket] = {}

    def missing(self, key: object, cost: float, limit: Limit, now: float) -> float:
        """In how many seconds it can be spent; 0 when it can be now. What costs more than all costs all."""
        return max(0.0, self._at(key, limit, now).spent + min(cost, limit.most) - limit.most) * limit.seconds

    def spend(self, key: object, cost: float, limit: Limit, now: float) -> float:
        """As `missing`; where nothing is missing it is spent."""
        wait = self.missing(key, cost, limit, now)
        if not wait:
            self._buckets[key].spent += min(cost, limit.most)
        return wait

    def refund(self, key: object, cost: float) -> None:
        """What was spent on nothing."""
        if bucket := self._buckets.get(key):
            bucket.spent = max(0.0, bucket.spent - cost)

    def tells(self, key: object, now: float) -> bool:
        """Whether somebody whose spending was refused is to hear of it: once for each burst."""
        bucket = self._buckets[key]
        if now - bucket.told < AGAIN:
            return False
        bucket.told = now
        return True

    def __len__(self) -> int:
        return len(self._buckets)

    def _at(self, key: object, limit: Limit, now: float) -> _Bucket:
        """As it stands now, having filled up since it was last looked at."""
        bucket = self._buckets.pop(key, None) or _Bucket()
        since = bucket.at if now < bucket.top - ASTRAY else bucket.top
        bucket.spent = max(0.0, bucket.spent - max(0.0, now - since) / limit.seconds)
        if bucket.spent == 0 or now < bucket.told - ASTRAY:
            bucket.told = -inf
        bucket.at, bucket.top = now, max(bucket.top, now)
        self._buckets[key] = bucket
        if len(self._buckets) > KNOWN:
            del self._buckets[next(iter(self._buckets))]
        return bucket


#: Wrong guesses of one account. A code of attendance is one of 32 ** 6, about a thousand million, and holds for two
#: hours, or for a week at most: an account guesses 125 times in two hours, and 10,085 times in a week. A thousand
#: accounts that all do so find one code of 8,600 in two hours, and one of 106 in a week. So no limit is needed for all
#: together, by which a few who guess wrong would keep everybody from being told.
GUESSES = Limit(5, 60.0)


class Guesses:
    """A member who guesses wrong too often is no longer told whether a guess was right."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._allowance = Allowance()

    def check(self, account: object) -> None:
        if wait := self._allowance.missing(account, 1, GUESSES, self._clock()):
            raise Refusal("refusal.guesses", time=timedelta(seconds=ceil(wait)))

    def miss(self, account: object) -> None:
        self._allowance.spend(account, 1, GUESSES, self._clock())
