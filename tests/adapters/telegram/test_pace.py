"""Telegram's limits, as arithmetic over times."""

import time

import pytest

from adapters.telegram.pace import GROUP, KNOWN, OVERALL, Pace
from bot.errors import Later


def test_a_private_chat() -> None:
    """One a second."""
    pace = Pace()

    assert [pace.reserve(11, 100.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert pace.reserve(12, 100.0) == 0.0


def test_a_group() -> None:
    """Twenty at once, and then none until the first of them is a minute old."""
    pace = Pace()
    assert [pace.reserve(-1, 100.0) for _ in range(GROUP.turns)] == [0.0] * GROUP.turns

    with pytest.raises(Later) as later:
        pace.reserve(-1, 110.0)
    assert later.value.seconds == 50.0
    assert pace.reserve(-1, 145.0) == 15.0
    assert pace.reserve(-2, 145.0) == 0.0


def test_everything_together() -> None:
    """No second holds more than thirty."""
    pace = Pace()
    turns = [100.0 + pace.reserve_overall(100.0) for _ in range(OVERALL.turns * 3)]

    assert max(sum(start <= turn < start + 1.0 for turn in turns) for start in turns) == OVERALL.turns
    assert turns[-1] == 102.0


def test_a_flood_wait() -> None:
    """It holds its chat and no other; a short one is waited for, a long one is not."""
    pace = Pace()
    pace.hold(-1, 600.0, 100.0)
    with pytest.raises(Later) as later:
        pace.reserve(-1, 110.0)

    assert later.value.seconds == 590.0
    assert pace.reserve(-2, 110.0) == 0.0
    assert pace.reserve(-1, 690.0) == 10.0


def test_quiet_chats_are_forgotten() -> None:
    """Memory does not grow with every chat ever met."""
    pace = Pace()
    for chat in range(1, KNOWN + 2):
        pace.reserve(chat, float(chat))

    assert len(pace._chats) < 10


async def test_the_turn_is_waited_for() -> None:
    """Who comes too early waits in earnest."""
    pace, began = Pace(), time.monotonic()
    pace.hold(-1, 0.05, began)
    await pace.turn(-1)

    assert 0.05 <= time.monotonic() - began < 1
