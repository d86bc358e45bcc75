"""Minutes in company, cut into slices."""

from adapters.discord.voice import MINUTE, Voice
from bot.people import Person, Spot

ANN, BOB = Person("discord", "1", "Ann"), Person("discord", "2", "Bob")
HALL, DEN = Spot("discord", "10", "channel", "hall"), Spot("discord", "11", "channel", "den")
TOGETHER = {ANN: HALL, BOB: HALL}


def test_whole_minutes() -> None:
    """Whoever goes is told in whole minutes, and less than one is nothing."""
    voice = Voice()
    assert voice.see("g", TOGETHER, 0) == []
    assert voice.see("g", {}, MINUTE - 1) == []
    voice.see("g", TOGETHER, 0)
    spent = voice.see("g", {}, 3 * MINUTE + 1)

    assert [(each.cause, each.minutes, each.spot) for each in spent] == [
        ("discord:voice:g:1:0", 3, HALL),
        ("discord:voice:g:2:0", 3, HALL),
    ]


def test_slices() -> None:
    """Every five minutes a slice of its own, and no second is counted twice or lost."""
    voice = Voice()
    voice.see("g", {ANN: HALL}, 0)
    told = [*voice.tick(4 * MINUTE), *voice.tick(5 * MINUTE + 30_000), *voice.tick(6 * MINUTE)]
    told += voice.see("g", {}, 7 * MINUTE)

    assert [each.minutes for each in told] == [5, 2]
    assert len({each.cause for each in told}) == 2


def test_moving() -> None:
    """Another channel is another slice; another guild is not touched."""
    voice = Voice()
    voice.see("g", {ANN: HALL}, 0)
    voice.see("h", {BOB: DEN}, 0)
    spent = voice.see("g", {ANN: DEN}, 2 * MINUTE)

    assert [(each.minutes, each.spot) for each in spent] == [(2, HALL)]
    assert voice.guilds() == {"g", "h"}


def test_a_new_name_is_the_same_person() -> None:
    """Whoever is renamed while talking goes on talking."""
    voice = Voice()
    voice.see("g", {ANN: HALL}, 0)

    assert voice.see("g", {Person("discord", "1", "Anna"): HALL}, MINUTE) == []
