"""How much points count in places and for roles, as it is stored."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models.communities import Shown, create_places, lineage, move_place, show_places
from models.multipliers import Multiplier, drop, multipliers, put
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME
from tests.models.test_communities import GROUP, SUPERGROUP

IN_GROUP = Multiplier(HOME, GROUP.id, "", "as it was called", 200)
HELPERS = Multiplier(HOME, GROUP.id, "900", "Helper", 150)
TOPIC = replace(GROUP, id=13, external_id="-5/7", parent_id=GROUP.id, kind="topic", name="A topic")
DEEPER = replace(GROUP, id=14, external_id="-5/8", parent_id=TOPIC.id, kind="topic", name="Deeper")


async def test_a_place_s_is_named_as_the_place_is_now(tx: Tx) -> None:
    """Places come before roles; a place that is gone keeps the name it had."""
    await create_places(tx, [replace(GROUP, name="A Group")])
    for each in (HELPERS, IN_GROUP, IN_GROUP._replace(place_id=99), IN_GROUP._replace(community_id=AWAY)):
        await put(tx, each)

    gone = IN_GROUP._replace(place_id=99)
    assert await multipliers(tx, HOME) == [IN_GROUP._replace(name="A Group"), gone, HELPERS]
    await show_places(tx, [Shown(HOME, GROUP.id, None, GROUP.kind, "a zoo", "")])
    assert await multipliers(tx, HOME) == [IN_GROUP._replace(name="a zoo"), gone, HELPERS]


async def test_the_newest_percentage_holds(tx: Tx) -> None:
    """Until it is dropped, and nothing else with it."""
    await put(tx, HELPERS)
    await put(tx, IN_GROUP)

    await put(tx, HELPERS._replace(name="Mentor", percent=0))
    assert await multipliers(tx, HOME) == [IN_GROUP, HELPERS._replace(name="Mentor", percent=0)]

    await drop(tx, IN_GROUP)
    await drop(tx, HELPERS._replace(community_id=AWAY))
    assert await multipliers(tx, HOME) == [HELPERS._replace(name="Mentor", percent=0)]


@pytest.mark.parametrize("percent", [-1, 1001])
async def test_nonsense_is_refused(store: Store, percent: int) -> None:
    """The table itself refuses it, even if the caller forgot to check."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await put(tx, HELPERS._replace(percent=percent))


async def test_a_place_lies_in_others(tx: Tx) -> None:
    """Each place is listed with those above it, itself first; an unknown place has none."""
    await create_places(tx, [GROUP, TOPIC, DEEPER])

    found = await lineage(tx, HOME, {DEEPER.id, GROUP.id, 99})

    assert found == {DEEPER.id: [DEEPER.id, TOPIC.id, GROUP.id], GROUP.id: [GROUP.id], 99: [99]}
    assert await lineage(tx, HOME, set()) == {}
    assert await lineage(tx, AWAY, {DEEPER.id}) == {DEEPER.id: [DEEPER.id]}


async def test_a_ring_of_places_has_an_end(tx: Tx) -> None:
    """Although there should be none."""
    await create_places(tx, [replace(TOPIC, parent_id=DEEPER.id), DEEPER])

    assert len((await lineage(tx, HOME, {DEEPER.id}))[DEEPER.id]) == 11


async def test_what_was_decided_stays_when_a_group_moves(tx: Tx) -> None:
    """The old place's multiplier holds, not one made by mistake in the new; those of its topics move along."""
    topic = replace(TOPIC, community_id=AWAY, parent_id=SUPERGROUP.id)
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY), topic])
    for each in (IN_GROUP, Multiplier(AWAY, SUPERGROUP.id, "", "", 0), Multiplier(AWAY, TOPIC.id, "", "", 50)):
        await put(tx, each)

    await move_place(tx, "telegram", "-5", "-100")

    assert await multipliers(tx, HOME) == [
        Multiplier(HOME, TOPIC.id, "", "A topic", 50),
        IN_GROUP._replace(name="The Group"),
    ]
    assert await multipliers(tx, AWAY) == []
