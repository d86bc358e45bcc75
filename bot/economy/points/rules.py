"""What a deed earns, decided from what happened, the rates, and what its member earned that day."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from operator import attrgetter
from typing import NamedTuple

from bot.economy.fair.rules import SOURCES
from bot.kit import Calendar
from bot.kit.events import Event, MessagePosted, ReactionAdded, ReactionRemoved, VoiceSpent
from bot.kit.resemblance import alike, imprint
from bot.kit.work import Known
from models.expiry import Warned
from models.imprints import KEPT, Imprints
from models.ledger import Earning, Entry
from models.multipliers import Multiplier
from models.spans import MINUTE

#: the length of talk that `voice` pays for
TALK = 10 * MINUTE
#: the most lengths that one event pays for: a day of them, since a platform that tells of more is wrong
STRETCHES = 144
#: these share one cooldown
WRITTEN = frozenset({"message", "reply", "post"})
#: percent
USUAL = 100
#: what is earned by taking part
PART = WRITTEN | {"reaction", "voice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    message: int
    reply: int
    #: instead of a message, where it opens a forum post or a topic
    post: int
    reaction: int
    #: for each `TALK`, ten minutes
    voice: int
    #: for each day in a row, from the second on
    streak: int
    #: milliseconds
    cooldown: int
    #: 0 for no cap
    daily_cap: int
    #: characters
    min_length: int
    #: percent; 0 lets every text earn
    similarity: int
    #: percent
    weight: int


class Deed(NamedTuple):
    """Something that may earn points; a tuple, because there are thousands of them."""

    cause: str
    at: int
    #: in the community's calendar, for its limits and boards
    day: int
    reason: str
    #: the member who earns
    member: int
    #: the member who reacted, or who was answered
    other: int | None
    place: int | None
    #: characters of the text; 0 where there are none, or where we see none
    length: int = 0
    #: only where we see it
    text: str = ""


class Award(NamedTuple):
    deed: Deed
    amount: int
    #: the multipliers that changed the amount
    multiplied: str | None = None
    #: of the text, where repeating it earns nothing
    imprint: int | None = None


class Today(NamedTuple):
    """What a member earned on one day so far."""

    amount: int = 0
    #: when a message or reply was paid: the last before this batch, and the last in it
    written: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Multipliers:
    """The multipliers of places and of members; empty where points count as usual."""

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
    """What members may earn by it. Nobody earns from themselves, and nobody from a bot; no bot earns."""
    member, place = known.member, known.place
    if member is None or (event.who and event.who.bot):
        return
    partner = None if known.target == member or (event.target and event.target.bot) else known.target
    match event:
        case MessagePosted():
            # An answer to oneself counts as a message.
            answered = partner if event.about else None
            reason = "post" if event.opens else "message" if answered is None else "reply"
            yield Deed(
                event.cause, event.at, calendar.day(event.at), reason, member, answered, place, event.length, event.text
            )
        case ReactionAdded() if partner is not None:
            yield Deed(reacting(event, member), event.at, calendar.day(event.at), "reaction", partner, member, place)
        case VoiceSpent():
            # Each tenth minute of the clock that falls into the talk is paid: slices add up however they are cut,
            # and where they overlap, the same ten minutes have the same cause.
            before, last = (event.at - event.minutes * MINUTE) // TALK, event.at // TALK
            for ten in range(max(before, last - STRETCHES) + 1, last + 1):
                yield Deed(f"voice:{ten}", ten * TALK, calendar.day(ten * TALK), "voice", member, None, place)


def reacting(event: ReactionAdded | ReactionRemoved, member: int) -> str:
    """One cause for all reactions of a member to a message, since one of them is paid."""
    return f"{event.about or event.cause}:reaction:{member}"


def nearest(above: Sequence[int], declared: Iterable[Multiplier]) -> Multiplier | None:
    """The multiplier of the place itself, else of the place above it, and so on."""
    own = {each.place_id: each for each in declared if not each.role_id}
    return next((own[place] for place in above if place in own), None)


def of_roles(held: Collection[str], declared: Iterable[Multiplier]) -> Multiplier | None:
    """The highest multiplier of the member's roles, unless one of them is zero."""
    found = [each for each in declared if each.role_id and each.role_id in held]
    return next((each for each in found if not each.percent), max(found, key=lambda each: each.percent, default=None))


def earned(
    deeds: Iterable[Deed],
    rates: Rates,
    before: Days,
    multipliers: Multipliers = NONE,
    written: Written = NOTHING_WRITTEN,
) -> list[Award]:
    """What these deeds earn beyond what was earned before, in the order in which they happened."""
    days, said = dict(before), dict(written)
    awards = []
    worth = {each: getattr(rates, each) for each in PART}
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
    """The imprints to keep of members who were paid for words."""
    kept: dict[int, Imprints] = {}
    for deed, _, _, made in awards:
        if made is not None:
            kept[deed.member] = _and(kept.get(deed.member, before[deed.member]), made)
    return kept


def _and(last: Imprints, made: int) -> Imprints:
    return Imprints(last.key, (made, *last.last)[:KEPT])


def accrue(income: int, points: int, *percents: int) -> int:
    """I_t = I_(t-1) + α·P(t): a member's income after one more deed; α is the product of these percentages.

    It is rounded once, after all of them: halves count up.
    """
    whole: int = USUAL ** len(percents)
    return income + (points * prod(percents, start=1) + whole // 2) // whole


def weighed(entry: Entry, weight: int, multipliers: Multipliers) -> Entry:
    """The entry with the amount for its place and member, and with the multipliers that changed it."""
    applied = multipliers.of(entry.place_id, entry.member_id)
    amount = accrue(0, entry.amount, weight, *(each.percent for each in applied))
    changed = amount != accrue(0, entry.amount, weight)
    return entry._replace(amount=amount, multiplied=named_as(applied) if changed else None)


def named_as(applied: Iterable[Multiplier]) -> str:
    """The multipliers as an entry stores them, the same in every language."""
    return ", ".join(f"{each.name} {each.percent}%" for each in applied if each.percent != USUAL)


def days_of(earnings: Iterable[Earning]) -> Days:
    """The days so far, from the store's sums."""
    days: dict[tuple[int, int], Today] = {}
    for earning in earnings:
        if earning.reason in SOURCES:
            key = earning.day, earning.member_id
            amount, written = days.get(key, NOTHING)
            if earning.reason in WRITTEN:
                written = (max(earning.last_at, *written),) if written else (earning.last_at,)
            days[key] = Today(amount + earning.amount, written)
    return days


def sources(earnings: Iterable[Earning]) -> dict[str, int]:
    """What each source gave, the greatest first."""
    sums: Counter[str] = Counter()
    for each in earnings:
        if source := SOURCES.get(each.reason):
            sums[source] += each.amount
    return {source: amount for source, amount in sums.most_common() if amount > 0}


def tally(entries: Iterable[Entry], sign: int = 1) -> list[Earning]:
    """What these entries add to the sums of earnings, or take from them if `sign` is -1; each key comes once."""
    sums: dict[tuple[int, int, int, int, str], tuple[int, int, int]] = {}
    for entry in entries:
        key = entry.community_id, entry.day, entry.member_id, entry.place_id or 0, entry.reason
        amount, times, last = sums.get(key, (0, 0, 0))
        sums[key] = amount + sign * entry.amount, times + sign, max(last, entry.at)
    return [Earning(*key, *sums[key]) for key in sorted(sums)]


def left(balance: int, gained: int) -> int:
    """What is left of the points earned before a moment, of which `gained` came after it.

    Members spend the oldest first, so the newest points last longest; the next points pay what a member owes.
    """
    return max(0, balance - gained)


def until(warned: Warned | None, now: int, lasts: int, notice: int) -> int:
    """Points that came before this moment expire if the member was warned, and are warned of if not.

    One warning covers all points that will be old when the notice ends, so that nobody is warned every day. It covers
    no future points, when the notice is longer than points last. If points last longer now than at the warning, the
    newer rule holds.
    """
    return min(warned.until, now - lasts) if warned else min(now, now + notice - lasts)


def _ignored(deed: Deed, rates: Rates, today: Today) -> bool:
    """Too short, or too near to a paid text, which may be earlier or later when history is read late."""
    if 0 < deed.length < rates.min_length:
        return True
    return bool(today.written) and any(abs(deed.at - each) < rates.cooldown for each in today.written)


def _capped(income: int, rates: Rates, today: Today) -> int:
    """Never less than was earned already, even if the cap was lowered meanwhile."""
    return max(today.amount, min(income, rates.daily_cap)) if rates.daily_cap else income
