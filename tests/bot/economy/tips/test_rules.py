"""The reasons against a tip."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.economy.tips.rules import Limits, Tip, objection, same_emoji
from models.members import Member

LIMITS = Limits(daily=100, hourly=0, pair=50, received=0, known=timedelta(days=3), active=timedelta(0))
BUSY = replace(LIMITS, hourly=60, received=70, active=timedelta(days=7))


def member(id: int, *, bot: bool = False, left_at: int | None = None) -> Member:
    return Member(
        community_id=1,
        id=id,
        name=f"m{id}",
        language=None,
        time_zone=None,
        bot=bot,
        joined_at=None,
        left_at=left_at,
    )


ANN, BOB = member(1), member(2)
FINE = Tip(donor=ANN, to=BOB, amount=50, balance=50, known=timedelta(days=3), today={})


@pytest.mark.parametrize(
    ("tip", "path", "values"),
    [
        (FINE, None, {}),
        (replace(FINE, to=ANN), "tip.yourself", {}),
        (replace(FINE, to=member(3, bot=True)), "tip.bot", {"to": "m3"}),
        (replace(FINE, to=member(3, left_at=5)), "tip.left", {"to": "m3"}),
        (replace(FINE, known=timedelta(days=2)), "tip.new", {"wait": timedelta(days=1)}),
        (replace(FINE, balance=49), "tip.poor", {"count": 49, "amount": 50}),
        (replace(FINE, balance=0), "tip.poor", {"count": 0, "amount": 50}),
        (replace(FINE, today={3: 50}), None, {}),
        (replace(FINE, today={3: 51}), "tip.daily", {"limit": 100, "left": 49}),
        (replace(FINE, today={3: 100}), "tip.daily", {"limit": 100, "left": 0}),
        (replace(FINE, today={3: 170}), "tip.daily", {"limit": 100, "left": 0}),
        (replace(FINE, today={2: 1}), "tip.pair", {"limit": 50, "left": 49, "to": "m2"}),
        (replace(FINE, amount=51, balance=99), "tip.pair", {"limit": 50, "left": 50, "to": "m2"}),
        # lasting reasons come before those that pass
        (replace(FINE, to=ANN, balance=0, known=timedelta(0)), "tip.yourself", {}),
    ],
)
def test_a_tip_is_refused_for_a_reason(tip: Tip, path: str | None, values: Mapping[str, object]) -> None:
    """The first that holds, with what the giver needs to know."""
    refusal = objection(tip, LIMITS)

    assert (refusal.path if refusal else None) == path
    assert (refusal.values if refusal else {}) == values


def test_a_limit_of_nothing_is_none() -> None:
    """0 removes a limit, as with points."""
    free = Limits(daily=0, hourly=0, pair=0, received=0, known=timedelta(0), active=timedelta(0))
    giving = replace(FINE, amount=10**6, balance=10**6, today={2: 10**9}, hour=10**9, received=10**9)

    assert objection(replace(giving, known=timedelta(0)), free) is None


@pytest.mark.parametrize(
    ("tip", "path", "values"),
    [
        (FINE, None, {}),
        (replace(FINE, hour=10, received=20), None, {}),
        (replace(FINE, hour=11), "tip.hourly", {"limit": 60, "left": 49}),
        (replace(FINE, hour=99), "tip.hourly", {"limit": 60, "left": 0}),
        (replace(FINE, received=21), "tip.received", {"limit": 70, "left": 49, "to": "m2"}),
        (replace(FINE, quiet={1, 2}), "tip.quiet", {"active": timedelta(days=7)}),
        (replace(FINE, quiet={2}), "tip.asleep", {"active": timedelta(days=7), "to": "m2"}),
    ],
)
def test_an_hour_a_receiver_and_silence_have_limits(tip: Tip, path: str | None, values: Mapping[str, object]) -> None:
    """Each refusal says what is left or what would help."""
    refusal = objection(tip, BUSY)

    assert (refusal.path if refusal else None) == path
    assert (refusal.values if refusal else {}) == values


@given(
    amounts=some.lists(some.tuples(some.integers(2, 5), some.integers(1, 60)), max_size=30),
    daily=some.integers(1, 120),
    pair=some.integers(1, 80),
)
def test_no_order_of_tips_gets_past_the_limits(amounts: list[tuple[int, int]], daily: int, pair: int) -> None:
    """However they are split and mixed."""
    limits = replace(LIMITS, daily=daily, pair=pair)
    today: dict[int, int] = {}
    balance = 500
    for to, amount in amounts:
        if objection(replace(FINE, to=member(to), amount=amount, balance=balance, today=today), limits) is None:
            today[to] = today.get(to, 0) + amount
            balance -= amount

    assert sum(today.values()) <= daily
    assert max(today.values(), default=0) <= pair
    assert balance >= 0


@pytest.mark.parametrize(
    ("typed", "reacted", "same"),
    [
        ("💛", "💛", True),
        ("❤️", "❤", True),
        (" ❤ ", "❤️", True),
        ("<:kudos:123>", "kudos", True),
        ("<a:kudos:123>", "kudos", True),
        (":kudos:", "kudos", True),
        ("kudos", "kudos", True),
        ("💛", "💙", False),
        ("<:kudos:123>", "bravo", False),
        ("", "", False),
        ("", "💛", False),
        ("\ufe0f", "", False),
    ],
)
def test_an_emoji_is_written_in_more_than_one_way(typed: str, reacted: str, same: bool) -> None:
    """With or without the mark for colours, and a guild's own emoji as Discord's clients write it."""
    assert same_emoji(typed, reacted) is same
