"""Who may review what, and how good an answer is beside others: a hint for the reviewer, never a verdict."""

from collections.abc import Collection, Sequence
from statistics import fmean, pstdev

from bot.kit import Refusal
from models.reviews import Case, Sample
from models.spans import DAY

#: how long others cannot decide a claimed case
CLAIM = DAY
#: acceptance counts as so many votes; above so many characters, length adds nothing
ACCEPTED, ENOUGH = 3, 400
#: below so many answers the mean says nothing
LEAST = 20


def quality(answer: Sample) -> float:
    """Its votes and acceptance, and a little for its length."""
    return answer.score + ACCEPTED * answer.accepted + min(answer.length, ENOUGH) / ENOUGH


def relative(quality: float, mean: float, deviation: float) -> float:
    """Q = (q − μ) / σ: by how many deviations it is better than the community's own mean."""
    return (quality - mean) / deviation


def hint(answer: Sample, others: Sequence[Sample]) -> float | None:
    """How the answer compares with others; None where there are too few."""
    found = [quality(each) for each in others]
    deviation = pstdev(found) if len(found) >= LEAST else 0.0
    return relative(quality(answer), fmean(found), deviation) if deviation else None


def holder(case: Case, now: int) -> int | None:
    """The reviewer who has claimed it, while the claim lasts."""
    return case.claimed_by if case.claimed_until and case.claimed_until > now else None


def partial(case: Case, member_id: int, reporters: Collection[int]) -> Refusal | None:
    """Why a member cannot judge this case: nobody judges their own affairs."""
    if case.author_id == member_id:
        return Refusal("review.own")
    if member_id in reporters:
        return Refusal("review.reported")
    if case.appealed and case.decided_by == member_id:
        return Refusal("review.decided_it", number=case.number)
    return None
