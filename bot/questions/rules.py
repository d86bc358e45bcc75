"""What a question is made of, what state it is in, and how near it is to what somebody looks for."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from bot.errors import OptionRefused
from bot.people import clean
from bot.terms import asked_terms
from models.questions import Answer, Found

#: characters
TITLE, BODY = 150, 4000
TAGS, TAG = 5, 30
#: letters beside code, of which a Chinese one says as much as two: in fewer nothing is said
LEAST = 4
#: from here on two questions may ask the same
LIKE = 0.4

_CODE = re.compile(r"```.*?(?:```|$)|`[^`]*`", re.DOTALL)
_TAG = re.compile(r"(?<![\w#])#(?P<tag>[^\W\d_][\w+#.\-]*)")
_LAST_TAGS = re.compile(r"(?:\s*(?<![\w#])#[^\W\d_][\w+#.\-]*)+\s*$")
_SENTENCE = re.compile(r".+?[.?!。？！](?=\s|$)|.+?[。？！]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    title: str
    body: str
    tags: str


@dataclass(frozen=True, slots=True)
class Words:
    """What a question is found by."""

    title: frozenset[str]
    all: frozenset[str]


def read_draft(title: str, details: str = "", tags: str = "") -> Draft:
    """Of a text without details the first line is the title; hashtags are tags, those at the end nothing else."""
    if not details:
        title, _, details = title.strip().partition("\n")
    tagged = [*_typed_tags(tags), *(each["tag"] for part in (title, details) for each in _TAG.finditer(_prose(part)))]
    title, details = (_LAST_TAGS.sub("", part).strip() for part in (title, details))
    said = " ".join(title.split())
    if len(said) > TITLE:
        details = f"{title}\n{details}".strip()
        said = _shortened(said)
    said = clean(said, TITLE + 1)
    if not says_something(said):
        raise OptionRefused("title", "question.few")
    if len(details) > BODY:
        raise OptionRefused("details", "refusal.length", low=0, high=BODY)
    return Draft(title=said, body=details, tags=" ".join(list(dict.fromkeys(map(read_tag, tagged)))[:TAGS]))


def says_something(text: str) -> bool:
    """Neither a sign or two nor code alone."""
    letters = (each for each in _prose(text) if each.isalnum())
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in letters) >= LEAST


def read_tag(typed: str) -> str:
    """As it is compared: small letters, without the # before it."""
    tag = "".join(unicodedata.normalize("NFKC", clean(typed)).casefold().lstrip("#").split())
    return re.sub(r"[^\w+#.\-]", "", tag)[:TAG].rstrip(".-")


def state_of(answers: Collection[Answer]) -> str:
    if any(each.accepted_at is not None for each in answers):
        return "solved"
    return "answered" if answers else "open"


def words_of(title: str, *more: str) -> Words:
    """Each beyond the title counts for the whole alone."""
    named = frozenset(asked_terms(title))
    return Words(named, named.union(*(asked_terms(each) for each in more)))


def weigh(terms: Collection[str], counted: Mapping[str, int], texts: int) -> dict[str, float]:
    """A term says the more the fewer texts have it."""
    return {term: log(1 + (texts + 1) / (counted.get(term, 0) + 1)) for term in terms}


def rarest(counted: Mapping[str, int], most: int) -> list[str]:
    """Of the terms that some text has, those that fewest have."""
    return sorted(counted, key=lambda term: (counted[term], term))[:most]


def likeness(asked: Words, other: Words, weight: Mapping[str, float]) -> float:
    """From 0 to 1: how much the titles share, and how much of what is asked the other speaks of at all."""
    spoken = _sum(asked.title & other.all, weight) / (_sum(asked.title, weight) or 1)
    return 0.6 * _cosine(asked.title, other.title, weight) + 0.3 * spoken + 0.1 * _cosine(asked.all, other.all, weight)


def preferred(found: Found, near: float) -> float:
    """By nearness, and among the near ones by what it is good for: solved, and answered well."""
    return near + 0.2 * (found.question.state == "solved") + 0.02 * max(-5, min(found.score, 5))


def _cosine(one: frozenset[str], other: frozenset[str], weight: Mapping[str, float]) -> float:
    return _sum(one & other, weight) / (sqrt(_sum(one, weight) * _sum(other, weight)) or 1)


def _sum(terms: Collection[str], weight: Mapping[str, float]) -> float:
    """Squared, in an order of their own, so that the same sets give the same to the last bit."""
    return sum(weight.get(term, 1.0) ** 2 for term in sorted(terms))


def _prose(text: str) -> str:
    return _CODE.sub(" ", text)


def _typed_tags(tags: str) -> Sequence[str]:
    found = [each for each in re.split(r"[\s,，、;；]+", tags) if read_tag(each)]
    if len(found) > TAGS:
        raise OptionRefused("tags", "question.tags", limit=TAGS)
    return found


def _shortened(title: str) -> str:
    """To its first sentence if that is short enough, else between two words."""
    sentence = _SENTENCE.match(title)
    if sentence and len(sentence.group()) <= TITLE:
        return sentence.group()
    cut = title[:TITLE]
    return (cut.rsplit(" ", 1)[0] if " " in cut[TITLE // 2 :] else cut) + "…"
