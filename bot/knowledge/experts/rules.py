"""How well somebody answers what is asked, learned from what became of their answers; and who is asked when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from bot.kit.terms import asked_terms, terms
from bot.knowledge.questions.rules import Weights
from models.experts import Deed
from models.spans import DAY

#: after this long an answer says half as much about whoever gave it
HALF_LIFE = 180 * DAY
#: answers without any success that everybody is thought to have given: one lucky answer is not yet skill
DOUBT = 2
#: of how well an answer was, what votes can make of it without its being accepted
VOTED = 0.8
#: questions with a tag in common are at least so near; those that are less near than this say nothing
TAGGED, NEAR = 0.5, 0.25
#: from here on, which takes two accepted answers, a member is known for a tag
KNOWN = 0.25


#: whoever fits at least so well beside the best is asked in turn
ENOUGH = 0.5
#: from the first to the last; each is waited for after the one before
RUNGS = ("helpers", "call", "bounty", "still", "stale")
LAST = RUNGS[-1]
#: of the asker's own points
BOUNTIES = (10, 25, 50, 100)
#: how a moment of a question's is named, and the one in which another helper is asked besides
LADDER, MORE = "ladder", "more"
#: what they want of a question they were not seen to answer the like of counts so much
WANTED = 0.1


class Candidate(NamedTuple):
    """A helper who may be asked now."""

    member_id: int
    fit: float
    #: when they were asked last; 0 for never
    asked_at: int


class Wanted(NamedTuple):
    """What a question is about."""

    #: its terms, and how much each of them says
    terms: Mapping[str, float]
    tags: frozenset[str]


class Known(NamedTuple):
    """What an answered question was about, and what is known of the answer."""

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
    """From 0 to 1: accepted is all there is; votes come near it, each with less."""
    return 1.0 if accepted else VOTED * score / (score + 2) if score > 0 else 0.0


def nearness(asked: Wanted, deed: Known) -> float:
    """From 0 to 1: how much of what is asked was spoken of then; 0 where it is too little to say anything."""
    spoken = sum(weight for term, weight in asked.terms.items() if term in deed.terms)
    near = spoken / (sum(asked.terms.values()) or 1)
    if asked.tags & deed.tags:
        near = max(near, TAGGED)
    return near if near >= NEAR else 0.0


def skill(asked: Wanted, deeds: Iterable[Known], now: int) -> float:
    """From 0 to 1: how well they answered what was like it, by how near and how long ago that was."""
    good, doubt = 0.0, float(DOUBT)
    for deed in deeds:
        counts = nearness(asked, deed) * 0.5 ** (max(0, now - deed.at) / HALF_LIFE)
        good += counts * deed.quality
        doubt += counts
    return good / doubt


def wants(tags: str, asked: Wanted) -> bool:
    """Whether it has one of these tags, or speaks of one; without tags they want whatever comes."""
    return not tags or any(tag in asked.tags or _spoken_of(tag, asked) for tag in tags.split())


def in_turn(candidates: Sequence[Candidate]) -> list[int]:
    """First those who fit about as well as the best, the one who was asked least lately before the others."""
    best = max((each.fit for each in candidates), default=0.0)

    def turn(each: Candidate) -> tuple[float, ...]:
        if each.fit >= best * ENOUGH:
            return (0, each.asked_at, -each.fit, each.member_id)
        return (1, -each.fit, each.asked_at, each.member_id)

    return [each.member_id for each in sorted(candidates, key=turn)]


def is_quiet(hour: int, begins: int, ends: int) -> bool:
    """Also over midnight; the same hour twice is no time at all."""
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def following(waits: Mapping[str, timedelta], rung: str | None = None) -> str | None:
    """The rung after this one, or the first; those for which nobody waits are left out."""
    left = RUNGS[RUNGS.index(rung) + 1 :] if rung else RUNGS
    return next((each for each in left if waits[each]), None)


def subject(number: int, rung: str) -> str:
    return f"{LADDER}:{number}:{rung}"


def affordable(balance: int, most: int) -> list[int]:
    """Bounties to choose from, the largest that are not more than they have."""
    return [each for each in BOUNTIES if each <= balance][-most:]


def known_for(deeds: Sequence[Known], now: int, most: int) -> list[str]:
    """The tags that they answer well, the best first."""
    tags = {tag for deed in deeds for tag in deed.tags}
    skills = {tag: skill(Wanted({}, frozenset([tag])), deeds, now) for tag in tags}
    return sorted((tag for tag in tags if skills[tag] >= KNOWN), key=lambda tag: (-skills[tag], tag))[:most]


def _spoken_of(tag: str, asked: Wanted) -> bool:
    found = asked_terms(tag)
    return bool(found) and all(term in asked.terms for term in found)
