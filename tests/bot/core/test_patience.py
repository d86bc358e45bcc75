"""When what is owed is given up."""

import pytest

from bot.core.patience import ANSWERED, PATIENCE, copies, is_enough, is_spent, is_too_late
from bot.kit import Effect, Post, Reply, Tell
from bot.kit.effects import EFFECTS

DAY = 86_400_000
RECEIPT = Post(place=1, reply=Reply())
NUDGE = Tell(member=1, reply=Reply(), repeats=False)
LOOK = Post(place=1, reply=Reply(), again=True)


def test_every_kind_has_an_end() -> None:
    """Every kind is tried so often and so long, and no more."""
    assert set(PATIENCE) == set(EFFECTS.values())
    assert all(each.failures > 1 and each.lasts.total_seconds() > 0 for each in PATIENCE.values())


@pytest.mark.parametrize(("effect", "most"), [(RECEIPT, 2), (NUDGE, 1), (LOOK, 1)])
def test_copies(effect: Effect, most: int) -> None:
    """A receipt may come twice; a reminder, and an answer that can be asked again, may not."""
    assert copies(effect) == most
    assert [is_spent(effect, failures, answered=False) for failures in (most - 1, most)] == [False, True]


@pytest.mark.parametrize(("effect", "most"), [(RECEIPT, ANSWERED), (NUDGE, 1), (LOOK, ANSWERED)])
def test_a_platform_that_says_it_broke(effect: Effect, most: int) -> None:
    """It is believed for a while, except for reminders."""
    assert [is_spent(effect, failures, answered=True) for failures in (most - 1, most)] == [False, True]


def test_enough() -> None:
    """Failures count by number, waits by time too: a house that slept for days has not tried yet."""
    assert [is_enough(Post, failures) for failures in (23, 24)] == [False, True]
    assert not is_too_late(Post, 23, 3 * DAY)
    assert not is_too_late(Post, 99, DAY)
    assert is_too_late(Post, 24, 2 * DAY)
