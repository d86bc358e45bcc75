"""What an interaction earns, decided from what happened, the rates, and what was earned that day already."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from operator import attrgetter
from typing import NamedTuple

from bot.kit import Calendar
from bot.kit.events import Event, MessagePosted, ReactionAdded, VoiceSpent
from bot.kit.resemblance import alike, imprint
from bot.kit.work import Known
from models.expiry import Warned
from models.imprints import KEPT, Imprints
from models.ledger import Earning, Entry
from models.multipliers import Multiplier
from models.spans import MINUTE

#: the stretch of talk that `voice` pays for
TALK = 10 * MINUTE
#: stretches that one event pays for: a day of them, where platforms tell of minutes; one that tells of more is wrong
STRETCHES = 144
#: they share one cooldown
WRITTEN = frozenset({"message", "reply", "post"})
#: percent
USUAL = 100
#: what the daily cap counts: taking part, not gifts
CAPPED = WRITTEN | {"reaction", "voice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    message: int
    reply: int
    #: instead of a message, where a forum post or a topic begins with it
    post: int
    reaction: int
    #: for ten minutes
    voice: int
    #: for each day in a row, from the second on
    streak: int
    #: milliseconds
    cooldown: int
    #: 0 for none
    daily_cap: int
    #: characters
    min_length: int
    #: percent; 0 for whatever one says
    similarity: int
    #: percent
    weight: int


class Deed(NamedTuple):
    """Something that may earn points; a tuple, for they come by the thousand."""

    cause: str
    at: int
    #: the community's, for its limits and boards
    day: int
    reason: str
    #: who earns
    member: int
    #: who reacted, or was answered
    other: int | None
    place: int | None
    #: characters that were written; 0 where there are none, or none that we are shown
    length: int = 0
    #: where we are shown it
    text: str = ""


class Award(NamedTuple):
    deed: Deed
    amount: int
    #: the multipliers without which it would be another amount
    multiplied: str | None = None
    #: of what was written, where it may not be written again
    imprint: int | None = None


class Today(NamedTuple):
    """What a member earned on one day so far."""

    amount: int = 0
    #: when a message or reply was paid: the last one before this batch, and the last one in it
    written: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Multipliers:
    """What applies in each place and to each member; nothing where points count as usual."""

    places: Mapping[int, Multiplier] = field(default_factory=dict)
    members: Mapping[int, Multiplier] = field(default_factory=dict)

    def of(self, place: int | None, member: int = 0) -> tuple[Multiplier, ...]:
        found = self.places.get(place or 0), self.members.get(member)
        return tuple(each for each in found if each)


#: by day and member
Days = Mapping[tuple[int, int], Today]
NOTHING = Today()
MOMENT = attrgetter("at")
NONE = Multipliers()
#: by member
Written = Mapping[int, Imprints]
NOTHING_WRITTEN: Written = {}


def deeds_of(event: Event, known: Known, calendar: Calendar) -> Iterator[Deed]:
    """Who may earn by it. Nobody earns by answering or liking themselves, nor by or from bots."""
    member, place = known.member, known.place
    if member is None or (event.who and event.who.bot):
        return
    partner = None if known.target == member or (event.target and event.target.bot) else known.target
    match event:
        case MessagePosted():
            # An answer to oneself is one more message.
            answered = partner if event.about else None
            reason = "post" if event.opens else "message" if answered is None else "reply"
            yield Deed(
                event.cause, event.at, calendar.day(event.at), reason, member, answered, place, event.length, event.text
            )
        case ReactionAdded() if partner is not None:
            yield Deed(event.cause, event.at, calendar.day(event.at), "reaction", partner, member, place)
        case VoiceSpent():
            # Paid for every tenth minute of the clock that is talked through: slices add up however they are cut,
            # and where they overlap the same ten minutes are the same cause.
            before, last = (event.at - event.minutes * MINUTE) // TALK, event.at // TALK
            for ten in range(max(before, last - STRETCHES) + 1, last + 1):
                yield Deed(f"voice:{ten}", ten * TALK, calendar.day(ten * TALK), "voice", member, None, place)


def nearest(above: Sequence[int], declared: Iterable[Multiplier]) -> Multiplier | None:
    """That of the place itself, else that of the place it lies in, and so on up."""
    own = {each.place_id: each for each in declared if not each.role_id}
    return next((own[place] for place in above if place in own), None)


def of_roles(held: Collection[str], declared: Iterable[Multiplier]) -> Multiplier | None:
    """The highest of the roles that somebody holds, unless one of them excludes."""
    found = [each for each in declared if each.role_id and each.role_id in held]
    return next((each for each in found if not each.percent), max(found, key=lambda each: each.percent, default=None))


def earned(
    deeds: Iterable[Deed],
    rates: Rates,
    before: Days,
    multipliers: Multipliers = NONE,
    written: Written = NOTHING_WRITTEN,
) -> list[Award]:
    """What these earn beyond what was earned before, in the order in which they happened."""
    days, said = dict(before), dict(written)
    awards = []
    worth = {each: getattr(rates, each) for each in CAPPED}
    usual = {reason: accrue(0, points, rates.weight) for reason, points in worth.items()}
    for deed in sorted(deeds, key=MOMENT):
        key = deed.day, deed.member
        today = days.get(key, NOTHING)
        if deed.reason in WRITTEN and _ignored(deed, rates, today):
            continue
        gain, named = usual[deed.reason], None
        if applied := multipliers.of(deed.place, deed.member):
            gain = accrue(0, worth[deed.reason], rates.weight, *(each.percent for each in applied))
            named = named_as(applied) if gain != usual[deed.reason] else None
        income = _capped(today.amount + gain, rates, today)
        if income <= today.amount:
            continue
        made = None
        if deed.text and (last := said.get(deed.member)):
            made = imprint(deed.text, last.key)
            if any(alike(made, each) >= rates.similarity for each in last.last):
                continue
            said[deed.member] = _and(last, made)
        awards.append(Award(deed, income - today.amount, named, made))
        written_at = (*today.written[:1], deed.at) if deed.reason in WRITTEN else today.written
        days[key] = Today(income, written_at)
    return awards


def imprinted(awards: Iterable[Award], before: Written) -> dict[int, Imprints]:
    """What is to be kept of those who were paid for words."""
    kept: dict[int, Imprints] = {}
    for deed, _, _, made in awards:
        if made is not None:
            kept[deed.member] = _and(kept.get(deed.member, before[deed.member]), made)
    return kept


def _and(last: Imprints, made: int) -> Imprints:
    return Imprints(last.key, (made, *last.last)[:KEPT])


def accrue(income: int, points: int, *percents: int) -> int:
    """I_t = I_(t-1) + α·P(t): a member's income after one more interaction; α is the product of these percentages.

    Rounded once, after all of them: halves count up.
    """
    whole: int = USUAL ** len(percents)
    return income + (points * prod(percents, start=1) + whole // 2) // whole


def weighed(entry: Entry, weight: int, multipliers: Multipliers) -> Entry:
    """As much as it comes to where it was earned and for whoever earned it, and by what."""
    applied = multipliers.of(entry.place_id, entry.member_id)
    amount = accrue(0, entry.amount, weight, *(each.percent for each in applied))
    changed = amount != accrue(0, entry.amount, weight)
    return entry._replace(amount=amount, multiplied=named_as(applied) if changed else None)


def named_as(applied: Iterable[Multiplier]) -> str:
    """As an entry keeps it, the same in every language."""
    return ", ".join(f"{each.name} {each.percent}%" for each in applied if each.percent != USUAL)


def days_of(earnings: Iterable[Earning]) -> Days:
    """The days as the store tells them."""
    days: dict[tuple[int, int], Today] = {}
    for earning in earnings:
        if earning.reason in CAPPED:
            key = earning.day, earning.member_id
            amount, written = days.get(key, NOTHING)
            if earning.reason in WRITTEN:
                written = (max(earning.last_at, *written),) if written else (earning.last_at,)
            days[key] = Today(amount + earning.amount, written)
    return days


def tally(entries: Iterable[Entry], sign: int = 1) -> list[Earning]:
    """What these entries add to what was earned, or with -1 take from it, each key once."""
    sums: dict[tuple[int, int, int, int, str], tuple[int, int, int]] = {}
    for entry in entries:
        key = entry.community_id, entry.day, entry.member_id, entry.place_id or 0, entry.reason
        amount, times, last = sums.get(key, (0, 0, 0))
        sums[key] = amount + sign * entry.amount, times + sign, max(last, entry.at)
    return [Earning(*key, *sums[key]) for key in sorted(sums)]


def left(balance: int, gained: int) -> int:
    """What is left of everything that came up to a moment, of which so much was gained since.

    What is spent is the oldest first, so what came last is there last; what is owed is paid off by what comes next.
    """
    return max(0, balance - gained)


def until(warned: Warned | None, now: int, lasts: int, notice: int) -> int:
    """Up to when points must have come to be looked at: to be warned of, or, when they were, to expire.

    All that will be old when the notice is over is warned of at once, so that nobody is warned every day; but nothing
    that has yet to come, when the notice is longer than points last. When points last longer now than they did at the
    warning, the newer rule holds.
    """
    return min(warned.until, now - lasts) if warned else min(now, now + notice - lasts)


def _ignored(deed: Deed, rates: Rates, today: Today) -> bool:
    """Too short, or too near to another that was paid; history read late may lie on either side of it."""
    if 0 < deed.length < rates.min_length:
        return True
    return bool(today.written) and any(abs(deed.at - each) < rates.cooldown for each in today.written)


def _capped(income: int, rates: Rates, today: Today) -> int:
    """Never less than was earned already, though the cap may have been lowered since."""
    return max(today.amount, min(income, rates.daily_cap)) if rates.daily_cap else income
