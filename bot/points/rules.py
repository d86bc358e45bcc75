"""What an interaction earns, decided from what happened, the rates, and what was earned that day already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.calendar import Calendar
from bot.events import Event, MessagePosted, ReactionAdded, VoiceSpent
from bot.work import Known
from models.ledger import Earning, Entry

MINUTE = 60_000
#: the stretch of talk that `voice` pays for
TALK = 10 * MINUTE
#: they share one cooldown
WRITTEN = frozenset({"message", "reply"})
#: what the daily cap counts: taking part, not gifts
CAPPED = WRITTEN | {"reaction", "voice"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    message: int
    reply: int
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


class Award(NamedTuple):
    deed: Deed
    amount: int


class Today(NamedTuple):
    """What a member earned on one day so far."""

    amount: int = 0
    #: when a message or reply was paid: the last one before this batch, and the last one in it
    written: tuple[int, ...] = ()


#: by day and member
Days = Mapping[tuple[int, int], Today]
NOTHING = Today()


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
            reason = "message" if answered is None else "reply"
            yield Deed(event.cause, event.at, calendar.day(event.at), reason, member, answered, place, event.length)
        case ReactionAdded() if partner is not None:
            yield Deed(event.cause, event.at, calendar.day(event.at), "reaction", partner, member, place)
        case VoiceSpent():
            # Paid for every tenth minute of the clock that is talked through: slices add up however they are cut,
            # and where they overlap the same ten minutes are the same cause.
            before = (event.at - event.minutes * MINUTE) // TALK
            for ten in range(before + 1, event.at // TALK + 1):
                yield Deed(f"voice:{ten}", ten * TALK, calendar.day(ten * TALK), "voice", member, None, place)


def earned(deeds: Iterable[Deed], rates: Rates, before: Days) -> list[Award]:
    """What these earn beyond what was earned before, in the order in which they happened."""
    days = dict(before)
    awards = []
    worth = {"message": rates.message, "reply": rates.reply, "reaction": rates.reaction, "voice": rates.voice}
    for deed in sorted(deeds, key=lambda each: each.at):
        key = deed.day, deed.member
        today = days.get(key, NOTHING)
        if deed.reason in WRITTEN and _ignored(deed, rates, today):
            continue
        income = _capped(accrue(today.amount, worth[deed.reason], rates.weight), rates, today)
        if income > today.amount:
            awards.append(Award(deed, income - today.amount))
            written = (*today.written[:1], deed.at) if deed.reason in WRITTEN else today.written
            days[key] = Today(income, written)
    return awards


def accrue(income: int, points: int, weight: int) -> int:
    """I_t = I_(t-1) + α·P(t): a member's income after one more interaction; α in percent, halves count up."""
    return income + (points * weight + 50) // 100


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


def _ignored(deed: Deed, rates: Rates, today: Today) -> bool:
    """Too short, or too near to another that was paid; history read late may lie on either side of it."""
    short = 0 < deed.length < rates.min_length
    return short or any(abs(deed.at - each) < rates.cooldown for each in today.written)


def _capped(income: int, rates: Rates, today: Today) -> int:
    """Never less than was earned already, though the cap may have been lowered since."""
    return max(today.amount, min(income, rates.daily_cap)) if rates.daily_cap else income
