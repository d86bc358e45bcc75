"""Members hear in the morning what was taken back the day before, why, and how to object."""

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.economy.points import acts
from bot.kit import Tell
from bot.kit.events import MessageDeleted
from bot.kit.references import Person
from tests.bot.purses import ADMIN, balances, proven, rules
from tests.bot.recorder import ANN, BOB, DAY, LOBBY, NAME, NOON, Recorder, posted, reacted, unreacted


def deleted(number: int | str) -> MessageDeleted:
    return MessageDeleted(cause=f"recorder:gone:{number}", at=NOON, spot=LOBBY, about=f"recorder:msg:{number}")


async def morning(core: Core, clock: HandClock) -> None:
    await core.pass_time(clock, NOON + DAY)


def told(recorder: Recorder) -> list[Tell]:
    return [effect for effect in recorder.effects if isinstance(effect, Tell)]


@pytest.fixture(autouse=True)
async def community(core: Core) -> None:
    """A message is worth three points, and so is a reaction; there is no cooldown."""
    await core.absorb([posted("root", ADMIN)])
    for key, value in (("message", 3), ("reaction", 3), ("cooldown", "0s"), ("similarity", 0)):
        await rules(core, f"/settings set points.{key} {value}")


async def test_what_went_back_is_told_once(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Reason by reason, with the numbers for looking it up and objecting."""
    await core.absorb([posted(number, at=NOON + number) for number in range(1, 4)])
    await core.absorb([reacted(3, BOB)])
    await core.absorb([deleted(1), deleted(2)])
    await core.absorb([unreacted(3, BOB)])

    await morning(core, clock)
    await core.pass_time(clock, NOON + 3 * DAY)

    (tell,) = told(recorder)
    lines = tell.reply.plain.splitlines()
    assert lines[0] == "9 points went back yesterday:"
    assert lines[1].startswith("−6: the message was deleted (2 times, the last one entry ")
    assert lines[2].startswith("−3: the reaction was removed (entry ")
    assert lines[3].startswith("/points why and the number tells what each was for.")
    assert not tell.repeats
    await proven(core)


async def test_little_is_not_told(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """One deleted message is not told; administrators set from which amount on it is."""
    await core.absorb([posted(1), posted(2, BOB)])
    await core.absorb([deleted(1)])

    await morning(core, clock)
    assert told(recorder) == []

    await rules(core, "/settings set points.tell_above 3")
    await core.absorb([posted(3, at=NOON + DAY)])
    await core.absorb([MessageDeleted(cause="later", at=NOON + DAY, spot=LOBBY, about="recorder:msg:3")])
    await core.pass_time(clock, NOON + 2 * DAY)
    assert [each.reply.plain.splitlines()[0] for each in told(recorder)] == ["3 points went back yesterday:"]


async def test_what_was_told_already_is_not_told_again(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """What an administrator takes back comes with its own message."""
    await core.absorb([posted(1), posted(2, BOB)])
    given = await rules(core, "/points give @ann 50 for the tea")
    assert await balances(core, ANN) == [53]
    await rules(core, "/points take @ann 50 for the tea")
    await core.settle()
    before = len(told(recorder))

    await morning(core, clock)

    assert given
    assert len(told(recorder)) == before


async def test_it_goes_page_by_page(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """However many members it concerns, each hears of it once."""
    many = [Person(NAME, f"5{number}", f"M{number}", f"m{number}") for number in range(acts.PAGE + 7)]
    await core.absorb([posted(f"{each.id}x{turn}", each, at=NOON + turn) for each in many for turn in range(2)])
    await core.absorb([deleted(f"{each.id}x{turn}") for each in many for turn in range(2)])

    await morning(core, clock)

    assert len({each.member for each in told(recorder)}) == len(told(recorder)) == len(many)
