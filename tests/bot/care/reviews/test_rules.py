"""Who may judge which case, and what the figure beside an answer says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.reviews.rules import ACCEPTED, CLAIM, ENOUGH, LEAST, hint, holder, partial, quality, relative
from models.reviews import Case, Sample

CASE = Case(community_id=1, number=17, answer=3, author_id=2, opened_at=0)
DECIDED = replace(CASE, verdict="remove", decided_by=5, decided_at=1, appeal="No!", appealed_at=2)


def test_quality_beside_the_mean() -> None:
    """Q = (q − μ) / σ, as in the field's own example, except for its sign."""
    assert relative(1, 0.5, 0.2) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Sample(0, accepted=False, length=0), 0.0),
        (Sample(2, accepted=False, length=ENOUGH), 3.0),
        (Sample(2, accepted=True, length=10 * ENOUGH), 3.0 + ACCEPTED),
        (Sample(-4, accepted=False, length=ENOUGH // 2), -3.5),
    ],
)
def test_quality(answer: Sample, found: float) -> None:
    """Quality is votes, acceptance, and a little for length."""
    assert quality(answer) == pytest.approx(found)


def test_too_little_to_compare() -> None:
    """Few answers, or answers that are all alike, give no hint."""
    alike = [Sample(1, accepted=False, length=100)] * LEAST

    assert hint(alike[0], alike) is None
    assert hint(alike[0], [*alike[:5], Sample(9, accepted=True, length=900)]) is None


@given(st.lists(st.builds(Sample, st.integers(-50, 50), st.booleans(), st.integers(1, 4096)), min_size=LEAST))
def test_the_better_stands_higher(others: list[Sample]) -> None:
    """A better answer has a higher figure, whatever the others are."""
    worse, better = Sample(0, accepted=False, length=50), Sample(1, accepted=False, length=50)
    low, high = hint(worse, others), hint(better, others)

    assert (low is None) is (high is None)
    assert low is None or high is None or low < high


@pytest.mark.parametrize(
    ("case", "member", "reporters", "path"),
    [
        (CASE, 2, {7}, "review.own"),
        (CASE, 7, {7, 8}, "review.reported"),
        (CASE, 5, {7}, None),
        (DECIDED, 5, {7}, "review.decided_it"),
        (DECIDED, 6, {7}, None),
    ],
)
def test_nobody_judges_what_is_their_own(case: Case, member: int, reporters: set[int], path: str | None) -> None:
    """Not its author, nor its reporter, nor, after an appeal, the reviewer who decided it."""
    refusal = partial(case, member, reporters)

    assert (refusal.path if refusal else None) == path


def test_a_claim_ends() -> None:
    """A claim ends a day after it was made."""
    claimed = replace(CASE, claimed_by=5, claimed_until=CLAIM)

    assert [holder(claimed, now) for now in (0, CLAIM - 1, CLAIM)] == [5, 5, None]
    assert holder(CASE, 0) is None
