"""What a question consists of, which state it is in, and how close it is to what somebody looks for."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple

from bot.kit import OptionRefused
from bot.kit.letters import normal
from bot.kit.references import clean
from bot.kit.terms import asked_terms, terms
from models.questions import Answer, Found

#: the longest title and text, in characters
TITLE, BODY = 150, 4000
TAGS, TAG = 5, 30
#: letters outside code, a Chinese one counted as two; a text with fewer says nothing
LEAST = 4
#: from this likeness on two questions may ask the same: we show one too many rather than one too few (bench/finding.py)
LIKE = 0.2
#: how many characters of a text are searched
SPOKEN = 3_000
#: the weight of a part of a term, compared with the whole
PART = 0.3

#: the mark before a question's title, by its state
MARKS = {
    "draft": "❓",
    "open": "❓",
    "answered": "💬",
    "solved": "✅",
    "duplicate": "🔁",
    "stale": "💤",
    "closed": "🔒",
    "deleted": "",
}

_CODE = re.compile(r"```.*?(?:```|$)|`[^`]*`", re.DOTALL)
_TAG = re.compile(r"(?<![\w#])#(?P<tag>[^\W\d_][\w+#.\-]*)")
_SENTENCE = re.compile(r".+?[.?!。？！](?=\s|$)|.+?[。？！]", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    title: str
    body: str
    tags: str


class Weights(NamedTuple):
    """How much each term tells: the fewer texts have it, the more."""

    known: Mapping[str, float]
    #: for a term that no text has
    unknown: float


def read_draft(title: str, details: str = "", tags: str = "") -> Draft:
    """Without details the first line is the title. Hashtags become tags; those at the end are removed from the text."""
    if not details:
        title, _, details = title.strip().partition("\n")
    tagged = [*typed_tags(tags), *(each["tag"] for part in (title, details) for each in _TAG.finditer(_prose(part)))]
    title, details = (_without_last_tags(part).strip() for part in (title, details))
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
    """Whether a text has more than a sign or two, and more than code."""
    letters = (each for each in _prose(text) if each.isalnum())
    return sum(2 if unicodedata.east_asian_width(each) in "FW" else 1 for each in letters) >= LEAST


def read_tag(typed: str) -> str:
    """A tag in the form that is compared: small letters, without the #."""
    tag = "".join(normal("NFKC", clean(typed)).casefold().split())
    return re.sub(r"[^\w+#.\-]", "", tag).lstrip("#")[:TAG].rstrip(".-")


def state_of(answers: Collection[Answer]) -> str:
    if any(each.accepted_at is not None for each in answers):
        return "solved"
    return "answered" if any(not each.guessed for each in answers) else "open"


def weigh(counted: Mapping[str, int], texts: int) -> Weights:
    """Weigh each term by its inverse frequency; `counted` has the terms that some text has."""
    known = {term: log(1 + (texts + 1) / (count + 1)) for term, count in counted.items()}
    return Weights(known, log(1 + (texts + 1) / 2))


def rarest(counted: Mapping[str, int], most: int) -> list[str]:
    """The terms that the fewest texts have, among those that some text has."""
    return sorted(counted, key=lambda term: (counted[term], term))[:most]


def likeness(asked: str, other: str, weights: Weights) -> float:
    """From 0 to 1: the cosine of their terms and of parts of these, so that forms of one word match."""
    one, two = _features(asked, weights), _features(other, weights)
    shared = sum(one[each] * two[each] for each in sorted(one.keys() & two.keys()))
    return min(1.0, shared / (sqrt(_length(one) * _length(two)) or 1))


def spoken(asked: str, text: str, weights: Weights) -> float:
    """From 0 to 1: how much of what is asked the other text mentions at all."""
    wanted = {term: weights.known.get(term, weights.unknown) for term in asked_terms(asked)}
    there = wanted.keys() & set(terms(text, SPOKEN))
    return sum(wanted[term] for term in sorted(there)) / (sum(wanted.values()) or 1)


def preferred(found: Found, near: float) -> float:
    """A rank by nearness, with some more for solved questions and good answers."""
    return near + 0.2 * (found.question.state == "solved") + 0.02 * max(-5, min(found.score, 5))


def _features(text: str, weights: Weights) -> dict[str, float]:
    """Terms, and with less weight the groups of three letters, or the single characters, in each."""
    found: defaultdict[str, float] = defaultdict(float)
    for term in asked_terms(text):
        weight = weights.known.get(term, weights.unknown)
        found[term] += weight if term in weights.known else 0.0
        padded = f"<{term}>"
        for part in [padded[at : at + 3] for at in range(len(padded) - 2)] if term.isascii() else term:
            found[f"~{part}"] += PART * weight
    return found


def _length(features: Mapping[str, float]) -> float:
    return sum(features[each] ** 2 for each in sorted(features))


def _prose(text: str) -> str:
    return _CODE.sub(" ", text)


def _without_last_tags(text: str) -> str:
    kept = text.rstrip()
    for tag in reversed(list(_TAG.finditer(text))):
        if tag.end() != len(kept):
            break
        kept = kept[: tag.start()].rstrip()
    return kept


def typed_tags(tags: str) -> Sequence[str]:
    """The tags, which blanks or commas separate."""
    found = [each for each in re.split(r"[\s,，、;；]+", tags) if read_tag(each)]
    if len(found) > TAGS:
        raise OptionRefused("tags", "question.tags", limit=TAGS)
    return found


def _shortened(title: str) -> str:
    """Cut to the first sentence if that is short enough, else between two words."""
    sentence = _SENTENCE.match(title)
    if sentence and len(sentence.group()) <= TITLE:
        return sentence.group()
    cut = title[:TITLE]
    return (cut.rsplit(" ", 1)[0] if " " in cut[TITLE // 2 :] else cut) + "…"
