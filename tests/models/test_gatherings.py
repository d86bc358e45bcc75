"""Gatherings and their attendees."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models.communities import create_places
from models.gatherings import (
    Attendee,
    Gathering,
    add,
    attend,
    attendees,
    close,
    gathering,
    latest,
    open_gatherings,
    strike,
)
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, arrive

MEETING = Gathering(
    community_id=HOME,
    number=3,
    title="茶 tasting",
    points=10,
    code="QX7",
    place_id=10,
    owner_id=7,
    opened_at=NOW,
    closes_at=NOW + 1000,
)


async def test_gatherings_are_read_as_they_were_opened(tx: Tx) -> None:
    """Newest first; a closed one is closed once, and no longer among the open ones."""
    await create_places(tx, [GROUP])
    second = replace(MEETING, number=4, code=None)
    for each in (MEETING, second, replace(MEETING, community_id=AWAY)):
        await add(tx, each)

    assert await open_gatherings(tx, HOME, 9, ()) == [second, MEETING]
    assert [await close(tx, HOME, 3, NOW + 9) for _ in range(2)] == [True, False]
    assert await open_gatherings(tx, HOME, 9, ()) == [second]
    assert await latest(tx, HOME, 9) == [second, replace(MEETING, closed_at=NOW + 9)]
    assert await latest(tx, HOME, 1) == [second]
    assert await gathering(tx, AWAY, 3) == replace(MEETING, community_id=AWAY)
    assert await gathering(tx, AWAY, 4) is None


async def test_members_come_once(tx: Tx) -> None:
    """In the order in which they came; a member who was struck off does not come again."""
    for number, name in ((1, "ann"), (2, "bob")):
        await arrive(tx, HOME, number, name)
    await add(tx, MEETING)

    assert [await attend(tx, HOME, 3, member, NOW - member) for member in (1, 2, 1)] == [True, True, False]
    assert await attendees(tx, HOME, 3) == [Attendee(2, "bob", NOW - 2), Attendee(1, "ann", NOW - 1)]
    assert [await strike(tx, HOME, 3, 2, NOW) for _ in range(2)] == [True, False]
    assert not await attend(tx, HOME, 3, 2, NOW)
    assert await attendees(tx, HOME, 3) == [Attendee(1, "ann", NOW - 1)]
    assert await attendees(tx, HOME, 4) == []


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MEETING, points=-1),
        replace(MEETING, points=1001),
        replace(MEETING, closes_at=NOW),
        replace(MEETING, title=""),
        replace(MEETING, title="x" * 101),
    ],
)
async def test_bounds_are_checked(store: Store, wrong: Gathering) -> None:
    """The tables refuse what the commands would never write."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await add(tx, wrong)
