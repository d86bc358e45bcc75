"""Whether words thank somebody, in each language members use here, and how many thanks of one member count."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.kit.events import MessagePosted
from bot.kit.letters import normal
from models.giving import Thanked
from models.spans import HOUR

#: the reason of thanks in the ledger
REASON = "thanks"
#: how many characters are read; thanks come before that
LOOKED_AT = 1000
#: how many members one message can thank
AT_ONCE = 3
#: every thanks contains one of these, so most messages need no further look
HINT = re.compile(r"than|thx|hnx|tnx|ty|ｔ|appreciate|谢|謝|感激|感恩|3q", re.IGNORECASE)
#: what are not the author's own words: code, quotes, addresses, names
ASIDE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|^[^\S\n]*>[^\n]*$|\w{1,20}://\S+|<?@[!&]?\w+>?", re.DOTALL | re.MULTILINE
)
NAME = re.compile(r"(?<![\w.@])@(\w{1,32})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    thanks: re.Pattern[str]
    #: contains the words of thanks, but is none
    not_so: re.Pattern[str]


LANGUAGES: Mapping[str, Language] = {
    "en": Language(
        thanks=re.compile(
            r"\b(?:thanks|thankyou|thank (?:you|u|ya|y'all)|th?n?x|thnx|ty(?:sm|vm)?)\b"
            r"|\b(?:much|i(?: really)?) appreciated?\b"
        ),
        not_so=re.compile(
            r"\b(?:thank(?:s| you),? )?(?:but )?(?:no|nah|nope)[ ,]+(?:thanks|thank you|thx|ty)\b"
            r"|\bthanks? (?:you )?for nothing\b"
            r"|\bthanks to (?!(?:you|u|ya|all|every\w+)\b)"
            r"|\b(?:without|(?:don't|dont|do not|didn't|did not|never|not|won't|no need to|no) (?:say |to |need )?)"
            r"(?:thanks|thank you|thank u)\b"
            r"|\b(?:say|said|saying|says) (?:thanks|thank you)\b"
        ),
    ),
    "zh-CN": Language(
        thanks=re.compile(r"[谢謝]{2}|[多感][谢謝]|(?<![代凋花萎])[谢謝][啦了]|感激|感恩|\b3q\b"),
        not_so=re.compile(
            r"(?:不用|不必|不需要?|用不着|不要|别|甭|没有?|不)(?:说|跟我|客气|了|[,，。 ])*"
            r"(?:[谢謝]{1,2}|[多感][谢謝]|感激)[了啦]?"
            r"|[谢謝]{2}[你您]?[,，。! ]*(?:但是?|可是)?(?:我)?(?:不用|不必|不需要|不要)(?:了|啦)?"
            r"|[谢謝]绝|感[谢謝]信|感恩节|[谢謝]{2}惠顾"
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """0 for no limit."""

    hourly: int
    daily: int


def may_thank(event: MessagePosted) -> bool:
    """Whether it is worth reading: it speaks to somebody, and has something that may be thanks."""
    return bool((event.about or event.mentioned or "@" in event.text) and HINT.search(event.text[:LOOKED_AT]))


def is_thanks(text: str) -> bool:
    """Whether it thanks somebody in any of the languages, after removing what only looks like thanks."""
    words = normal("NFKC", ASIDE.sub(" ", text[:LOOKED_AT])).casefold().replace("’", "'")
    return any(each.thanks.search(each.not_so.sub(" ", words)) for each in LANGUAGES.values())


def named(text: str) -> Sequence[str]:
    """The names in the text, where a platform tells nothing but names."""
    return list(dict.fromkeys(NAME.findall(text[:LOOKED_AT])))[:AT_ONCE]


def counted(to: Sequence[int], at: int, day: int, before: Sequence[Thanked], limits: Limits) -> Iterator[int]:
    """The members that this one has not thanked that day, within the limits."""
    hour = sum(abs(at - each.at) < HOUR for each in before)
    today = [each.member_id for each in before if each.day == day]
    for member in dict.fromkeys(to):
        if (limits.hourly and hour >= limits.hourly) or (limits.daily and len(today) >= limits.daily):
            return
        if member not in today:
            today.append(member)
            hour += 1
            yield member
