"""How much one account may ask, and how often it may guess: token buckets as plain arithmetic over times."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil, inf
from typing import NamedTuple

from bot.kit.errors import Refusal

#: how many accounts are remembered; the one that was silent for longest is forgotten first
KNOWN = 10_000
#: a member is told that they are too quick once in so many seconds, unless their allowance filled up meanwhile
AGAIN = 60.0
#: a time this many seconds before the latest one comes from another clock, or from one that was set back
ASTRAY = 60.0


class Limit(NamedTuple):
    """At most so much at once, and one more after so many seconds."""

    most: float
    seconds: float


@dataclass(slots=True)
class _Bucket:
    spent: float = 0.0
    #: when it was last looked at, and the latest time at which it was ever looked at
    at: float = -inf
    top: float = -inf
    told: float = -inf


class Allowance:
    """The buckets of any number of accounts, each under its own key."""

    def __init__(self) -> None:
        self._buckets: dict[object, _Bucket] = {}

    def missing(self, key: object, cost: float, limit: Limit, now: float) -> float:
        """Seconds until the cost can be spent; 0 if it can be now. A cost above the limit counts as the limit."""
        return max(0.0, self._at(key, limit, now).spent + min(cost, limit.most) - limit.most) * limit.seconds

    def spend(self, key: object, cost: float, limit: Limit, now: float) -> float:
        """Like `missing`, and spend the cost when nothing is missing."""
        wait = self.missing(key, cost, limit, now)
        if not wait:
            self._buckets[key].spent += min(cost, limit.most)
        return wait

    def refund(self, key: object, cost: float) -> None:
        """Give back what was spent on nothing."""
        if bucket := self._buckets.get(key):
            bucket.spent = max(0.0, bucket.spent - cost)

    def tells(self, key: object, now: float) -> bool:
        """Whether to tell a member that their spending was refused: once for each burst."""
        bucket = self._buckets[key]
        if now - bucket.told < AGAIN:
            return False
        bucket.told = now
        return True

    def __len__(self) -> int:
        return len(self._buckets)

    def _at(self, key: object, limit: Limit, now: float) -> _Bucket:
        """The bucket as it stands now, filled up since it was last looked at."""
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


#: Wrong guesses of one account. A code of attendance is one of 32 ** 6, about a thousand million. It holds for two
#: hours, or for a week at most: an account guesses 125 times in two hours, and 10,085 times in a week. A thousand
#: accounts that all do so find one code of 8,600 in two hours, and one of 106 in a week. So we need no limit for all
#: accounts together; with one, a few who guess wrong could keep everybody from being answered.
GUESSES = Limit(5, 60.0)


class Guesses:
    """A member who guesses wrong too often is not told whether a guess was right."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._allowance = Allowance()

    def check(self, account: object) -> None:
        if wait := self._allowance.missing(account, 1, GUESSES, self._clock()):
            raise Refusal("refusal.guesses", time=timedelta(seconds=ceil(wait)))

    def miss(self, account: object) -> None:
        self._allowance.spend(account, 1, GUESSES, self._clock())
