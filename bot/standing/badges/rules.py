"""Which badges all communities have, what each takes, and which of a member's badges are shown."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.kit import Calendar, OptionRefused
from bot.kit.calendar import EPOCH
from bot.kit.references import clean
from models.badges import Deeds
from models.ids import born

#: the most characters of an emoji, even if it joins people and flags
EMOJI = 16
#: joins several emoji into one
JOINER = "\u200d"
#: makes a key of the digit or sign before it
KEYCAP = "\u20e3"
#: characters in an emoji that are not emoji themselves: joiners, styles, skin tones
MARKS = frozenset({JOINER, KEYCAP, "\ufe0e", "\ufe0f", *map(chr, range(0x1F3FB, 0x1F400))})


class Declared(NamedTuple):
    #: its words are in the catalogues under `badge_name` and `badge_about`
    key: str
    emoji: str
    #: what is measured, and how much of it is needed
    measure: str
    whole: int


#: ordered, within each measure, from least to most
DECLARED = (
    Declared("founder", "🌱", "founder", 1),
    Declared("streak_7", "🔥", "streak", 7),
    Declared("streak_30", "🌙", "streak", 30),
    Declared("streak_100", "💯", "streak", 100),
    Declared("streak_365", "🌞", "streak", 365),
    Declared("years_1", "🎂", "years", 1),
    Declared("years_3", "🌳", "years", 3),
    Declared("messages_100", "💬", "messages", 100),
    Declared("messages_1000", "📚", "messages", 1000),
    Declared("reactions_100", "👏", "reactions", 100),
    Declared("reactions_1000", "💛", "reactions", 1000),
    Declared("level_10", "⭐", "level", 10),
    Declared("level_25", "🏆", "level", 25),
    Declared("answer_1", "💡", "answers", 1),
    Declared("accepted_10", "🦉", "accepted", 10),
    Declared("gathering", "🎪", "gathering", 1),
    Declared("gift", "🎁", "gift", 1),
)
#: badges that no deed brings nearer
GIVEN = frozenset({"founder", "years"})


def measured(deeds: Deeds, now: int, calendar: Calendar) -> dict[str, int]:
    """A member whose join date is unknown counts from when we first knew them."""
    joined = born(deeds.member_id) if deeds.joined_at is None else deeds.joined_at
    return {
        "streak": deeds.streak,
        "years": years(calendar.day(joined), calendar.day(now)),
        "messages": deeds.messages,
        "reactions": deeds.reactions,
        "level": deeds.level,
        "answers": deeds.answers,
        "accepted": deeds.accepted,
    }


def years(first: int, today: int) -> int:
    """Whole years between two days; from 29 February they end on 1 March in years without that day."""
    begun, now = date.fromordinal(EPOCH + first), date.fromordinal(EPOCH + today)
    return now.year - begun.year - ((now.month, now.day) < (begun.month, begun.day))


def reached(measures: Mapping[str, int]) -> list[str]:
    """The keys of the badges that these measures are enough for."""
    return [each.key for each in DECLARED if measures.get(each.measure, 0) >= each.whole]


def ahead(measures: Mapping[str, int], known: Collection[str]) -> list[Declared]:
    """The next badge of each measure, the nearest first; `known` are the badges a member has or had."""
    nearest: dict[str, Declared] = {}
    for each in DECLARED:
        if each.key not in known and each.measure not in GIVEN:
            nearest.setdefault(each.measure, each)
    return sorted(nearest.values(), key=lambda each: (-measures.get(each.measure, 0) / each.whole, each.whole))


def best(held: Sequence[str]) -> list[str]:
    """The badges in their order, without those that have a higher one of the same measure."""
    highest = {each.measure: each.key for each in DECLARED if each.key in held}
    beaten = {each.key for each in DECLARED if each.key in held} - set(highest.values())
    return [key for key in held if key not in beaten]


def read_emoji(typed: str) -> str:
    """Read a Unicode emoji, since every platform must show the badge; joined ones stay joined."""
    emoji = JOINER.join(clean(part, EMOJI + 1) for part in typed.strip().split(JOINER))
    bare = [each for each in emoji if each not in MARKS]
    shown = all(unicodedata.category(each) == "So" or (KEYCAP in emoji and each in "0123456789#*") for each in bare)
    if not bare or not shown or len(emoji) > EMOJI:
        raise OptionRefused("emoji", "badge.no_emoji")
    return emoji
