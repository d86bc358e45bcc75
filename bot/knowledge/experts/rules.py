"""How well a member answers, learned from what became of their answers; and which helper is asked when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from bot.kit.terms import asked_terms, terms
from bot.knowledge.questions.rules import Weights
from models.experts import Deed
from models.spans import DAY

#: after this time an answer says half as much about its author
HALF_LIFE = 180 * DAY
#: everybody begins with so many answers without success: one lucky answer is not yet skill
DOUBT = 2
#: the best that votes can make of an answer that is not accepted
VOTED = 0.8
#: questions that share a tag are at least so near; less near than the second number counts as not near
TAGGED, NEAR = 0.5, 0.25
#: from this skill on, which takes two accepted answers, a member is known for a tag
KNOWN = 0.25


#: helpers whose turn is at least so near, compared with the nearest, are asked by who waited longest
ENOUGH = 0.5
#: each question that a helper was lately asked about makes their turn so much farther
TIRED = 0.5
#: even a helper who never answered has a turn
NEWCOMER = 0.05
#: from first to last; each waits after the one before
RUNGS = ("helpers", "call", "bounty", "still", "stale")
BEFORE_LAST, LAST = RUNGS[-2:]
#: amounts of the asker's own points
BOUNTIES = (10, 25, 50, 100)
#: the name of a question's reminders, and of the one that asks another helper
LADDER, MORE = "ladder", "more"
#: the names of the moments when helpers wake up who slept, and when a claim ends
WAKE, CLAIM = "wake", "claim"
#: what a tag that a helper wants adds to their fit
WANTED = 0.1


class Candidate(NamedTuple):
    """A helper who can be asked now."""

    member_id: int
    fit: float
    #: when they were last asked; 0 for never
    asked_at: int
    #: about how many questions they were lately asked
    lately: int = 0


class Wanted(NamedTuple):
    """What a question is about."""

    #: its terms, and how much each of them tells
    terms: Mapping[str, float]
    tags: frozenset[str]


class Known(NamedTuple):
    """What an answered question was about, and how good the answer was."""

    terms: frozenset[str]
    tags: frozenset[str]
    quality: float
    at: int


def wanted(title: str, tags: str, weights: Weights) -> Wanted:
    found = {term: weights.known.get(term, weights.unknown) for term in asked_terms(f"{title}\n{tags}")}
    return Wanted(found, frozenset(tags.split()))


def known(deed: Deed) -> Known:
    about = frozenset(terms(f"{deed.title}\n{deed.tags}"))
    return Known(about, frozenset(deed.tags.split()), quality(deed.accepted, deed.score), deed.at)


def quality(accepted: bool, score: int) -> float:
    """From 0 to 1: an accepted answer has 1; votes come near it, each adding less."""
    return 1.0 if accepted else VOTED * score / (score + 2) if score > 0 else 0.0


def nearness(asked: Wanted, deed: Known) -> float:
    """From 0 to 1: how much of the question the other one spoke of; 0 where it is too little to tell anything."""
    spoken = sum(weight for term, weight in asked.terms.items() if term in deed.terms)
    near = spoken / (sum(asked.terms.values()) or 1)
    if asked.tags & deed.tags:
        near = max(near, TAGGED)
    return near if near >= NEAR else 0.0


def skill(asked: Wanted, deeds: Iterable[Known], now: int) -> float:
    """From 0 to 1: how well a member answered similar questions, weighted by how near and how recent these are."""
    good, doubt = 0.0, float(DOUBT)
    for deed in deeds:
        counts = nearness(asked, deed) * 0.5 ** (max(0, now - deed.at) / HALF_LIFE)
        good += counts * deed.quality
        doubt += counts
    return good / doubt


def wants(tags: str, asked: Wanted) -> bool:
    """Whether the question has one of these tags, or speaks of one; without tags a helper wants all questions."""
    return not tags or any(tag in asked.tags or _spoken_of(tag, asked) for tag in tags.split())


def in_turn(candidates: Sequence[Candidate]) -> list[int]:
    """First the helpers whose turn is about as near as the nearest, longest not asked before others; then the rest.

    Who fits best is asked first, but not every time: each request makes room for the others.
    """
    near = {each.member_id: (each.fit + NEWCOMER) * TIRED**each.lately for each in candidates}
    nearest = max(near.values(), default=0.0)

    def turn(each: Candidate) -> tuple[float, ...]:
        if near[each.member_id] >= nearest * ENOUGH:
            return (0, each.asked_at, -each.fit, each.member_id)
        return (1, -near[each.member_id], each.asked_at, each.member_id)

    return [each.member_id for each in sorted(candidates, key=turn)]


def is_quiet(hour: int, begins: int, ends: int) -> bool:
    """Works over midnight too; the same hour twice is no time at all."""
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def following(waits: Mapping[str, timedelta], rung: str | None = None) -> str | None:
    """The rung after this one, or the first; rungs without a wait are skipped."""
    left = RUNGS[RUNGS.index(rung) + 1 :] if rung else RUNGS
    return next((each for each in left if waits[each]), None)


def subject(number: int, rung: str) -> str:
    return f"{LADDER}:{number}:{rung}"


def affordable(balance: int, most: int) -> list[int]:
    """The bounties to choose from: the largest ones that the asker can pay."""
    return [each for each in BOUNTIES if each <= balance][-most:]


def known_for(deeds: Sequence[Known], now: int, most: int) -> list[str]:
    """The tags that the member answers well, the best first."""
    tags = {tag for deed in deeds for tag in deed.tags}
    skills = {tag: skill(Wanted({}, frozenset([tag])), deeds, now) for tag in tags}
    return sorted((tag for tag in tags if skills[tag] >= KNOWN), key=lambda tag: (-skills[tag], tag))[:most]


def _spoken_of(tag: str, asked: Wanted) -> bool:
    found = asked_terms(tag)
    return bool(found) and all(term in asked.terms for term in found)
