"""Telegram's limits, as arithmetic over times."""

import time
from contextlib import suppress

import pytest

from adapters.telegram.pace import GROUP, KNOWN, OVERALL, STRANGERS, Pace
from bot.kit.errors import Later


def test_a_private_chat() -> None:
    """A private chat gets one message a second."""
    pace = Pace()

    assert [pace.reserve(11, 100.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert pace.reserve(12, 100.0) == 0.0


def test_a_group() -> None:
    """A group gets fifteen at once, and then none until the first of them is a minute old."""
    pace = Pace()
    assert [pace.reserve(-1, 100.0) for _ in range(GROUP.turns - GROUP.kept)] == [0.0] * 15

    with pytest.raises(Later) as later:
        pace.reserve(-1, 110.0)
    assert later.value.seconds == 50.0
    assert pace.reserve(-1, 145.0) == 15.0
    assert pace.reserve(-2, 145.0) == 0.0


def test_everything_together() -> None:
    """No second has more than thirty messages, five of them for urgent ones; a chat that waits holds up no other."""
    pace = Pace()
    said: dict[bool, list[float]] = {False: [], True: []}
    for moment in range(300):
        now = 100 + moment / 100
        for urgent in (False, True):
            while not pace.reserve_overall(now, urgent=urgent):
                said[urgent].append(now)

    turns = sorted(said[False] + said[True])
    assert max(sum(start <= turn < start + 1.0 for turn in turns) for start in turns) == OVERALL.turns
    assert len(said[False]) == 3 * (OVERALL.turns - OVERALL.kept)
    assert len(said[True]) == 3 * OVERALL.kept


def test_strangers() -> None:
    """Strangers get a few at once and a few a second in total; the others are never answered later."""
    pace = Pace()
    moments = [100 + moment / 100 for moment in range(1_000)]

    admitted = [now for now in moments if pace.admits_stranger(now)]

    assert len(admitted) == STRANGERS.turns * 10 / STRANGERS.seconds
    assert STRANGERS.turns <= (OVERALL.turns - OVERALL.kept) / 2


def test_a_flood_wait() -> None:
    """It stops its chat and no other; a short one is waited out, a long one is not."""
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
    """A message that comes too early really waits."""
    pace, began = Pace(), time.monotonic()
    pace.hold(-1, 0.05, began)
    await pace.turn(-1)

    assert 0.05 <= time.monotonic() - began < 1


def test_in_a_full_group_there_is_room_for_what_is_urgent() -> None:
    """Other messages leave some room in each minute; all together stay within Telegram's limit."""
    pace = Pace()
    ordinary = [0.0] * 15
    assert [pace.reserve(-1, 0.0) for _ in ordinary] == ordinary
    with pytest.raises(Later):
        pace.reserve(-1, 1.0)

    assert [pace.reserve(-1, 1.0, urgent=True) for _ in range(5)] == [0.0] * 5

    with pytest.raises(Later):
        pace.reserve(-1, 2.0, urgent=True)
    assert pace.reserve(-1, 60.0, urgent=True) == 0.0
    assert pace.reserve(-1, 60.0) == 0.0


def test_what_is_urgent_goes_before_turns_given_for_later() -> None:
    """However urgent and other messages mix, no minute has more than twenty."""
    pace, said = Pace(), []
    for tenth in range(3_000):
        now = tenth / 10
        for urgent in (False, tenth % 70 == 0):
            with suppress(Later):
                said.append(now + pace.reserve(-1, now, urgent=urgent))

    said.sort()
    assert all(later - earlier >= 59.9 for earlier, later in zip(said, said[20:], strict=False))
