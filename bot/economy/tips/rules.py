"""Whether a tip may be given, by command or reaction, decided from what the members gave before."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.kit import Refusal
from models.members import Member

#: what counts as taking part
PART = ("message", "reply", "reaction", "voice")
#: how long a reaction can give points for a message
FRESH = timedelta(days=14)
#: how long removing a reaction takes back what it gave
REGRET = timedelta(minutes=10)
#: how Discord writes a guild's own emoji
OWN_EMOJI = re.compile(r"(?:<a?)?:(\w+):(?:\d+>)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """0 for no limit."""

    daily: int
    hourly: int
    pair: int
    #: the most points that one member receives in a day
    received: int
    #: how long we must have known the donor
    known: timedelta
    #: how recently both must have taken part
    active: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    donor: Member
    to: Member
    amount: int
    #: the donor's points
    balance: int
    #: how long we have known the donor
    known: timedelta
    #: what the donor gave today, by receiver
    today: Mapping[int, int]
    #: what the donor gave within the last hour
    hour: int = 0
    #: what the receiver was given today, by all members
    received: int = 0
    #: which of the two has not taken part lately
    quiet: Collection[int] = ()


def objection(tip: Tip, limits: Limits) -> Refusal | None:
    """The first reason against the tip."""
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
    """The first limit that the tip would exceed, with what is left of it."""
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


def same_emoji(typed: str, reacted: str) -> bool:
    """Whether the reaction is the configured one, however a keyboard or a platform writes it."""
    return _bare(typed) == _bare(reacted) != ""


def is_emoji(typed: str) -> None:
    """Refuse letters, except in the name of the community's own emoji."""
    if any(each.isalpha() for each in typed) and not OWN_EMOJI.fullmatch(typed):
        raise Refusal("refusal.emoji")


def within(earlier: int, later: int, span: timedelta) -> bool:
    """Whether two moments, in epoch milliseconds, are at most so far apart."""
    return later - earlier <= span.total_seconds() * 1000


def _bare(emoji: str) -> str:
    """The emoji without the mark that asks for colours, since only some keyboards write it."""
    own = OWN_EMOJI.fullmatch(emoji.strip())
    return own[1] if own else emoji.strip().replace("\ufe0f", "")
