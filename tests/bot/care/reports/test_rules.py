"""A member who was warned or lost something may appeal: once, in time, and nobody else may."""

from dataclasses import replace

import pytest

from bot.care.reports.rules import DAYS, objection
from models.reviews import Case
from models.spans import DAY

KEPT = Case(community_id=1, number=17, answer=3, author_id=2, opened_at=0, verdict="keep", decided_by=5, decided_at=DAY)
REMOVED = replace(KEPT, verdict="remove")


@pytest.mark.parametrize(
    ("case", "member", "now", "path"),
    [
        (REMOVED, 2, DAY, None),
        (replace(REMOVED, verdict="warn"), 2, (DAYS + 1) * DAY, None),
        (REMOVED, 2, (DAYS + 1) * DAY + 1, "appeal.late"),
        (REMOVED, 3, DAY, "appeal.nothing"),
        (KEPT, 2, DAY, "appeal.nothing"),
        (replace(REMOVED, verdict=None, decided_at=None), 2, DAY, "appeal.nothing"),
        (replace(REMOVED, appeal="No!", appealed_at=DAY), 2, DAY, "appeal.again"),
    ],
)
def test_who_may_object(case: Case, member: int, now: int, path: str | None) -> None:
    """The author may appeal a decision against them."""
    refusal = objection(case, member, now)

    assert (refusal.path if refusal else None) == path
