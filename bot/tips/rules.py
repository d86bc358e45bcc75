"""Whether a tip may be given, decided from who gives what to whom and from what they gave that day already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import Refusal
from models.members import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """0 for none."""

    daily: int
    pair: int
    #: how long the donor must have been known here
    known: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    donor: Member
    to: Member
    amount: int
    #: what the donor has
    balance: int
    #: for how long the donor is known here
    known: timedelta
    #: what the donor gave today already, by receiver
    today: Mapping[int, int]


def objection(tip: Tip, limits: Limits) -> Refusal | None:
    """The first thing that stands in the way."""
    if tip.to.id == tip.donor.id:
        return Refusal("tip.yourself")
    if tip.to.bot:
        return Refusal("tip.bot", to=tip.to.name)
    if tip.to.left_at is not None:
        return Refusal("tip.left", to=tip.to.name)
    if tip.known < limits.known:
        return Refusal("tip.new", wait=limits.known - tip.known)
    if tip.amount > tip.balance:
        return Refusal("tip.poor", count=tip.balance, amount=tip.amount)
    if tip.amount > (left := _left(limits.daily, sum(tip.today.values()), tip.amount)):
        return Refusal("tip.daily", limit=limits.daily, left=left)
    if tip.amount > (left := _left(limits.pair, tip.today.get(tip.to.id, 0), tip.amount)):
        return Refusal("tip.pair", limit=limits.pair, left=left, to=tip.to.name)
    return None


def _left(limit: int, given: int, wanted: int) -> int:
    """What may still be given; as much as is wanted where there is no limit."""
    return max(limit - given, 0) if limit else wanted
