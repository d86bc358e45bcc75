"""How much one account may ask: arithmetic over times."""

import pytest

from bot.economy.attendance.rules import LENGTH, LETTERS
from bot.kit import Refusal
from bot.kit.allowance import AGAIN, ASTRAY, GUESSES, KNOWN, Allowance, Guesses, Limit

LIMIT = Limit(5, 2.0)


def test_so_much_at_once_and_then_one_by_one() -> None:
    """The missing time is told in seconds, and waiting so long is enough; nobody pays for another."""
    allowance = Allowance()

    assert [allowance.spend("ann", 1, LIMIT, 0) for _ in range(7)] == [0, 0, 0, 0, 0, 2, 2]
    assert allowance.spend("bob", 1, LIMIT, 0) == 0
    assert allowance.spend("ann", 1, LIMIT, 1.9) > 0
    assert allowance.spend("ann", 1, LIMIT, 2.0) == 0
    assert allowance.spend("ann", 3, LIMIT, 4.0) == 4
    assert allowance.spend("ann", 3, LIMIT, 8.0) == 0


def test_times_need_not_come_in_order() -> None:
    """A time that is a little late counts like others; a clock that was set back makes nobody wait for it."""
    allowance = Allowance()

    assert [allowance.spend("ann", 1, LIMIT, at) for at in (100, 99, 100, 99, 100, 99, 100)] == [0, 0, 0, 0, 0, 2, 2]
    assert allowance.spend("ann", 1, LIMIT, 102) == 0
    assert allowance.spend("ann", 1, LIMIT, 102 - 2 * ASTRAY) == 2
    assert allowance.spend("ann", 1, LIMIT, 104 - 2 * ASTRAY) == 0


@pytest.mark.parametrize("skew", [0, ASTRAY - 1, ASTRAY + 1, 1000 * ASTRAY])
def test_two_clocks_give_no_more_than_one(skew: float) -> None:
    """Presses use our clock and messages their platform's; to switch between them gains nothing."""
    allowance = Allowance()

    given = sum(
        allowance.spend("ann", 1, LIMIT, 100_000 + tenth / 10 - skew * (tenth % 2)) == 0 for tenth in range(400)
    )

    assert given <= LIMIT.most + 2 * 40 / LIMIT.seconds


def test_what_costs_more_than_all_costs_all() -> None:
    """Nothing costs so much that nobody could ever ask it."""
    allowance = Allowance()

    assert allowance.spend("ann", 99, LIMIT, 0) == 0
    assert allowance.spend("ann", 99, LIMIT, 9) == 1
    assert allowance.spend("ann", 99, LIMIT, 10) == 0


def test_what_was_spent_on_nothing_comes_back() -> None:
    """And no more than was spent."""
    allowance = Allowance()
    allowance.spend("ann", 5, LIMIT, 0)

    allowance.refund("ann", 2)
    assert [allowance.spend("ann", 1, LIMIT, 0) for _ in range(3)] == [0, 0, 2]
    allowance.refund("ann", 99)
    allowance.refund("nobody", 1)
    assert [allowance.spend("ann", 1, LIMIT, 0) for _ in range(6)] == [0, 0, 0, 0, 0, 2]


def test_the_hasty_are_told_once_a_burst() -> None:
    """Again after a while, or after they calmed down; never for each try."""
    allowance = Allowance()
    told = 0
    for second in range(round(2 * AGAIN)):
        for _ in range(10):
            if allowance.spend("ann", 1, LIMIT, second):
                told += allowance.tells("ann", second)
    assert told == 2

    allowance.spend("ann", 5, LIMIT, 3 * AGAIN)
    assert allowance.spend("ann", 1, LIMIT, 3 * AGAIN)
    assert allowance.tells("ann", 3 * AGAIN)


def test_only_so_many_are_remembered() -> None:
    """The account that was silent for longest is forgotten; an active one is not."""
    allowance = Allowance()
    allowance.spend("flood", 5, LIMIT, 0)
    for number in range(3 * KNOWN):
        allowance.spend(number, 1, LIMIT, 0)
        assert not number % 1000 or allowance.spend("flood", 1, LIMIT, 0) or number > KNOWN

    assert len(allowance) == KNOWN


def refused(guesses: Guesses, key: object) -> bool:
    try:
        guesses.check(key)
    except Refusal:
        return True
    return False


def test_guessing_does_not_pay() -> None:
    """Each account has a few wrong guesses, and one more after a while."""
    now = 0.0
    guesses = Guesses(lambda: now)
    for _ in range(round(GUESSES.most)):
        assert not refused(guesses, "ann")
        guesses.miss("ann")

    assert refused(guesses, "ann")
    now = GUESSES.seconds
    assert not refused(guesses, "ann")
    guesses.miss("ann")
    assert refused(guesses, "ann")


def test_nobody_pays_for_the_guesses_of_others() -> None:
    """However many guess wrong together, and however often."""
    guesses = Guesses(lambda: 0.0)
    for number in range(1000):
        for _ in range(round(GUESSES.most)):
            guesses.miss(f"somebody {number}")

    assert not refused(guesses, "ann")


@pytest.mark.parametrize(("lasts", "share"), [(2 * 3600, 1 / 8_000), (7 * 86_400, 1 / 100)])
def test_a_thousand_accounts_find_no_code(lasts: int, share: float) -> None:
    """While it is open, for the usual time and for the longest: the odds are as the limit's comment says."""
    tries = 1000 * (GUESSES.most + lasts / GUESSES.seconds)

    assert tries / len(LETTERS) ** LENGTH < share
