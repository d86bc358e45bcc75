"""How often a walk through the house asks the database: a count has no noise, so none of these may grow unnoticed."""

import asyncio

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit import Access, Reply
from bot.kit.events import CommandGiven
from bot.kit.invocation import Line
from bot.kit.references import Person
from models.spans import MINUTE
from models.store import Store
from tests.bot.recorder import ANN, BOB, CAT, DAY, NAME, NOON, Recorder, person, posted, typed
from tests.statements import CountingStore

ADMIN = person("root")
#: members who give at once, each to another
MANY = 40


@pytest.fixture
async def counted(store: Store, clock: HandClock) -> tuple[Core, CountingStore]:
    """Everybody is known long enough to give, and Ann and Bob can."""
    counting = CountingStore(store)
    core = Core(counting, open_house(), clock)
    core.plug(Recorder())
    await core.absorb([posted(each.id, each) for each in (ANN, BOB, CAT, ADMIN)])
    clock.move(NOON + 4 * DAY)
    for name in ("ann", "bob"):
        await core.invoke(typed(f"/points give @{name} 100 welcome", ADMIN, access=Access.ADMIN))
    await core.settle()
    return core, counting


async def asks(counted: tuple[Core, CountingStore], line: str | Line, who: Person = ANN) -> tuple[Reply, int]:
    core, counting = counted
    counting.asked.clear()
    reply = await core.invoke(typed(line, who))
    return reply, len(counting.asked)


async def test_the_walks_of_a_question(counted: tuple[Core, CountingStore]) -> None:
    """Asked, answered, voted for and accepted."""
    counts = {}
    for line, who in (
        ("/ask How do I cancel a task in asyncio? #python", ANN),
        ("/answer 1 Call task.cancel() and await it.", BOB),
        ("/vote 2 up", CAT),
        ("/accept 2", ANN),
    ):
        reply, counts[line.split()[0]] = await asks(counted, line, who)
        assert reply.plain, line

    # Fewer is better: then lower these.
    assert counts == {"/ask": 44, "/answer": 68, "/vote": 31, "/accept": 48}


@pytest.mark.parametrize("apart", [True, False])
async def test_what_somebody_just_did_is_in_what_they_read(counted: tuple[Core, CountingStore], *, apart: bool) -> None:
    """When both arrive at once, in one call of the platform or in two, the reading waits for the act."""
    core, _ = counted
    recorder = core.platforms[NAME]
    assert isinstance(recorder, Recorder)
    given = CommandGiven.of(typed(Line(pieces=("/tip ", BOB, " 40")), ANN))
    asked = CommandGiven.of(typed("/points show", ANN))

    await asyncio.gather(*(core.absorb(each) for each in ([[given], [asked]] if apart else [[given, asked]])))
    await core.settle()

    assert "61 points to spend" in recorder.said[-1]


def gift(to: Person) -> Line:
    return Line(pieces=("/tip ", to, " 1"))


async def test_a_gift_among_many(counted: tuple[Core, CountingStore], clock: HandClock) -> None:
    """One alone, and each further one of a batch, though each pair is another."""
    core, counting = counted
    people = [Person(NAME, f"7{number}", f"Member {number}") for number in range(2 * MANY)]
    await core.absorb([posted(f"said {each.id}", each) for each in people])
    clock.move(NOON + 8 * DAY)
    _, alone = await asks(counted, gift(people[1]), people[0])
    counting.asked.clear()
    pairs = list(zip(people[2::2], people[3::2], strict=True))

    said = await asyncio.gather(*(core.invoke(typed(gift(to), giver)) for giver, to in pairs))

    assert all("gives" in each.plain for each in said)
    further = len(counting.asked) / len(pairs)
    assert (alone, round(further, 1)) == (20, 13.2)


async def test_a_minute_in_which_nothing_is_due(counted: tuple[Core, CountingStore], clock: HandClock) -> None:
    """The bell asks which communities there are, and for nothing that grows with jobs."""
    core, counting = counted
    await core.schedule.ring()
    counting.asked.clear()

    clock.move(clock.now() + MINUTE)
    await core.schedule.ring()

    assert len(counting.asked) == 1
