"""Who may look at what, and how good an answer is beside others: a hint for whoever decides, never a verdict."""

from collections.abc import Collection, Sequence
from statistics import fmean, pstdev

from bot.kit import Refusal
from models.reviews import Case, Sample
from models.spans import DAY

#: how long a claim keeps others away
CLAIM = DAY
#: what acceptance weighs beside votes, and the characters after which more of them say no more
ACCEPTED, ENOUGH = 3, 400
#: of fewer answers the mean says nothing
LEAST = 20


def quality(answer: Sample) -> float:
    """What members made of it, and a little for having said something."""
    return answer.score + ACCEPTED * answer.accepted + min(answer.length, ENOUGH) / ENOUGH


def relative(quality: float, mean: float, deviation: float) -> float:
    """Q = (q − μ) / σ: by how many deviations it is better than the community's own mean."""
    return (quality - mean) / deviation


def hint(answer: Sample, others: Sequence[Sample]) -> float | None:
    """None where there is too little to compare it with."""
    found = [quality(each) for each in others]
    deviation = pstdev(found) if len(found) >= LEAST else 0.0
    return relative(quality(answer), fmean(found), deviation) if deviation else None


def holder(case: Case, now: int) -> int | None:
    """Who has taken it, while that holds."""
    return case.claimed_by if case.claimed_until and case.claimed_until > now else None


def partial(case: Case, member_id: int, reporters: Collection[int]) -> Refusal | None:
    """Why somebody cannot judge it: nobody does in what is their own."""
    if case.author_id == member_id:
        return Refusal("review.own")
    if member_id in reporters:
        return Refusal("review.reported")
    if case.appealed and case.decided_by == member_id:
        return Refusal("review.decided_it", number=case.number)
    return None
