"""How much of what members bring each other counts, as a pure rule."""

from collections.abc import Sequence

import pytest

from bot.economy.fair.rules import Limits, fairly
from models.ids import Ids
from models.ledger import Entry
from models.spans import DAY

NOW = 1_800_000_000_000
TODAY = NOW // DAY
IDS = Ids(1)
#: known for a month
OLD, ELDER = IDS.new(NOW - 30 * DAY), IDS.new(NOW - 30 * DAY)
#: known for an hour
NEW, NEWER = IDS.new(NOW - 3_600_000), IDS.new(NOW - 3_600_000)
LIMITS = Limits(daily_cap=200, known=3 * DAY, new=25, pair=50, donor=70)


def earns(amount: int, member: int = OLD, by: int | None = ELDER, reason: str = "accepted") -> Entry:
    return Entry(1, NOW, TODAY, member, "earn", amount, counts=True, reason=reason, cause="c", other_id=by)


def left(entries: Sequence[Entry], earned: int = 0, brought: int = 0, limits: Limits = LIMITS) -> list[int]:
    so_far = {(TODAY, ELDER, OLD): brought} if brought else {}
    return [each.amount for each in fairly(entries, limits, {(TODAY, OLD): earned}, so_far, NOW)]


def test_what_is_within_all_limits_counts_whole() -> None:
    """One acceptance among members who are known."""
    assert left([earns(15)]) == [15]


def test_one_cap_covers_all_sources() -> None:
    """Messages, answers and thanks together; what a moderator gives for attending is not counted and not cut."""
    assert left([earns(15), earns(5, by=None, reason="asked"), earns(20, reason="attendance")], earned=190) == [10, 20]


def test_between_two_members() -> None:
    """What one brought the other today counts, in the same transaction too."""
    assert left([earns(15)], brought=45) == [5]
    assert left([earns(30), earns(30)]) == [30, 20]
    assert left([earns(15)], brought=50) == []
    assert left([earns(40, reason="thanks"), earns(30)]) == [40, 30]


def test_from_one_member_to_all() -> None:
    """However many receive it."""
    assert left([earns(30), earns(30, member=NEW), earns(30, member=NEWER)]) == [30, 30, 10]


@pytest.mark.parametrize(("member", "by", "counts"), [(NEW, NEWER, 25), (NEW, ELDER, 40), (OLD, NEWER, 40)])
def test_both_new(member: int, by: int, counts: int) -> None:
    """Two accounts that nobody knows bring each other little; a newcomer who is answered, or answers, is whole."""
    assert left([earns(40, member=member, by=by)]) == [counts]


def test_where_members_trust_each_other() -> None:
    """Nothing but the daily cap holds."""
    trusting = Limits(daily_cap=0, known=0, new=0, pair=0, donor=0)
    assert left([earns(300), earns(300, member=NEW, by=NEWER)], limits=trusting) == [300, 300]
