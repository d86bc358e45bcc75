"""Whether a tip may be given, decided from who gives what to whom and from what went between members before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import Refusal
from models.members import Member

#: what counts as taking part
PART = ("message", "reply", "reaction", "voice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """0 for none."""

    daily: int
    hourly: int
    pair: int
    #: what one member is given in a day
    received: int
    #: how long the donor must have been known here
    known: timedelta
    #: how lately both must have taken part
    active: timedelta


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
    #: what the donor gave within the hour
    hour: int = 0
    #: what the receiver was given today already, by whomever
    received: int = 0
    #: who of the two has not taken part lately
    quiet: Collection[int] = ()


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
    if tip.donor.id in tip.quiet:
        return Refusal("tip.quiet", active=limits.active)
    if tip.to.id in tip.quiet:
        return Refusal("tip.asleep", active=limits.active, to=tip.to.name)
    if tip.amount > tip.balance:
        return Refusal("tip.poor", count=tip.balance, amount=tip.amount)
    return _too_much(tip, limits)


def _too_much(tip: Tip, limits: Limits) -> Refusal | None:
    """The first limit it would go beyond, with what is left of it."""
    to = tip.to.name
    used = {
        "daily": (limits.daily, sum(tip.today.values()), {}),
        "hourly": (limits.hourly, tip.hour, {}),
        "pair": (limits.pair, tip.today.get(tip.to.id, 0), {"to": to}),
        "received": (limits.received, tip.received, {"to": to}),
    }
    for name, (limit, given, more) in used.items():
        if limit and tip.amount > limit - given:
            return Refusal(f"tip.{name}", limit=limit, left=max(limit - given, 0), **more)
    return None
