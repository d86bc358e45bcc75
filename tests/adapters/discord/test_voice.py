"""Minutes in company, cut into slices."""

import pytest

from adapters.discord.voice import LONGEST, MINUTE, SLICE, Voice
from bot.core.clock import HandClock
from bot.kit.references import Person, Spot

ANN, BOB = Person("discord", "1", "Ann"), Person("discord", "2", "Bob")
HALL, DEN = Spot("discord", "10", "channel", "hall"), Spot("discord", "11", "channel", "den")
TOGETHER = {ANN: HALL, BOB: HALL}
YEAR = 365 * 24 * 60 * MINUTE


@pytest.fixture
def clock() -> HandClock:
    return HandClock(0)


@pytest.fixture
def voice(clock: HandClock) -> Voice:
    return Voice(clock)


def test_whole_minutes(voice: Voice, clock: HandClock) -> None:
    """A member who leaves is counted in whole minutes, and less than one is nothing."""
    assert voice.see("g", TOGETHER) == []
    clock.move(MINUTE - 1)
    assert voice.see("g", {}) == []
    voice.see("g", TOGETHER)
    clock.move(4 * MINUTE)
    spent = voice.see("g", {})

    assert [(each.cause, each.minutes, each.spot) for each in spent] == [
        ("discord:voice:g:1:59999", 3, HALL),
        ("discord:voice:g:2:59999", 3, HALL),
    ]


def test_slices(voice: Voice, clock: HandClock) -> None:
    """There is a slice every five minutes, and no second counts twice or is lost."""
    voice.see("g", {ANN: HALL})
    told = []
    for moment in (4 * MINUTE, 5 * MINUTE + 30_000, 6 * MINUTE):
        clock.move(moment)
        told += voice.tick()
    clock.move(7 * MINUTE)
    told += voice.see("g", {})

    assert [each.minutes for each in told] == [5, 2]
    assert len({each.cause for each in told}) == 2


def test_moving(voice: Voice, clock: HandClock) -> None:
    """Another channel starts another slice; another guild is not affected."""
    voice.see("g", {ANN: HALL})
    voice.see("h", {BOB: DEN})
    clock.move(2 * MINUTE)
    spent = voice.see("g", {ANN: DEN})

    assert [(each.minutes, each.spot) for each in spent] == [(2, HALL)]
    assert voice.guilds() == {"g", "h"}


def test_a_new_name_is_the_same_person(voice: Voice, clock: HandClock) -> None:
    """A member who is renamed while talking keeps their slice."""
    voice.see("g", {ANN: HALL})
    clock.move(MINUTE)

    assert voice.see("g", {Person("discord", "1", "Anna"): HALL}) == []


@pytest.mark.parametrize("jump", [10 * YEAR, YEAR, -YEAR])
def test_a_clock_that_is_set_pays_nobody(voice: Voice, clock: HandClock, jump: int) -> None:
    """If the clock is set ahead or back, only real minutes count, each once, in slices of their own."""
    clock.set(20 * YEAR)
    voice.see("g", {ANN: HALL})
    told = []
    for at in (clock.now(), clock.now() + jump, clock.now()):
        clock.set(at)
        told += voice.tick()
        clock.move(at + SLICE)
        told += voice.tick()

    assert [each.minutes for each in told] == [5, 5, 5]
    assert len({each.cause for each in told}) == 3


def test_a_process_that_stood_still_pays_for_one_slice(voice: Voice, clock: HandClock) -> None:
    """Nobody knows who talked while the process stood still; the next slice begins when it goes on."""
    voice.see("g", {ANN: HALL})
    clock.move(YEAR)
    told = voice.tick()
    clock.move(YEAR + SLICE)
    told += voice.tick()

    assert [each.minutes for each in told] == [LONGEST // MINUTE, 5]
