"""Days in a row, as they are stored."""

import asyncio
import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models.communities import create_community, create_places, move_place
from models.members import create_members
from models.store import Store, Tx
from models.streaks import Due, Run, Streak, advance, due, streak
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive
from tests.models.test_members import ANN, ANNS, BOB, BOBS

DAY = 20_000
#: a day that ends a second from now
FIRST = Run(3, DAY, NOW + 1000, 5)


async def test_who_was_counted_today_is_not_looked_at(tx: Tx) -> None:
    """Only members whose last day is over, and those who never had one, each with their time zone."""
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW)
    moments = [(1, NOW), (2, NOW), (3, NOW)]
    never = [
        Due(member_id=1, time_zone=None, run=None),
        Due(member_id=2, time_zone="Asia/Shanghai", run=None),
    ]
    assert await due(tx, HOME, moments) == never

    assert await advance(tx, HOME, [(1, FIRST)]) == {1}

    assert await due(tx, HOME, moments) == never[1:]
    assert await due(tx, HOME, [(1, NOW + 999)]) == []
    assert await due(tx, HOME, [(1, NOW + 1000)]) == [Due(member_id=1, time_zone=None, run=FIRST)]
    assert await due(tx, AWAY, moments) == []
    assert await due(tx, HOME, []) == []


async def test_a_day_is_counted_once(tx: Tx) -> None:
    """A second writer with the same day, or an earlier one, changes nothing."""
    later = FIRST._replace(days=4, last_day=DAY + 1, ends_at=NOW + 2000)
    assert await advance(tx, HOME, [(2, FIRST), (1, FIRST)]) == {1, 2}

    assert await advance(tx, HOME, [(1, later), (2, FIRST._replace(days=4))]) == {1}
    assert await advance(tx, HOME, [(1, FIRST)]) == set()

    assert await streak(tx, HOME, 1, DAY + 1) == Streak(days=4, longest=5)
    assert await streak(tx, HOME, 2, DAY) == Streak(days=3, longest=5)


async def test_two_processes_count_the_same_day_once(store: Store, other: Store) -> None:
    """One of them is told that it was news."""
    async with store.write() as tx:
        await create_community(tx, HOME, "Home", NOW)

    async def count(where: Store) -> set[int]:
        async with where.write() as tx:
            return await advance(tx, HOME, [(1, FIRST), (2, FIRST)])

    assert sorted(map(len, await asyncio.gather(count(store), count(other)))) == [0, 2]


@pytest.mark.parametrize(("today", "days"), [(DAY - 1, 3), (DAY, 3), (DAY + 1, 3), (DAY + 2, 0), (DAY + 900, 0)])
async def test_a_streak_is_broken_when_yesterday_was_missed(tx: Tx, today: int, days: int) -> None:
    """The longest one stays; a member who never began has none."""
    await advance(tx, HOME, [(1, FIRST)])

    assert await streak(tx, HOME, 1, today) == Streak(days=days, longest=5)
    assert await streak(tx, HOME, 2, today) == Streak(days=0, longest=0)


@pytest.mark.parametrize("bad", [FIRST._replace(days=0), FIRST._replace(days=6)])
async def test_nonsense_is_refused(store: Store, bad: Run) -> None:
    """The table itself refuses it, even if the caller forgot to check."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await advance(tx, HOME, [(1, bad)])


async def test_streaks_come_home_with_a_community_founded_by_mistake(tx: Tx) -> None:
    """A member of both keeps the better of each."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    for community, member, name in [(HOME, 1, "ann"), (HOME, 2, "bob"), (AWAY, 51, "ann"), (AWAY, 53, "cat")]:
        await arrive(tx, community, member, name)
    await advance(tx, HOME, [(1, FIRST), (2, FIRST)])
    await advance(tx, AWAY, [(51, Run(4, DAY - 1, NOW, 4)), (53, FIRST)])

    await move_place(tx, "telegram", "-5", "-100")

    assert [await streak(tx, HOME, each, DAY) for each in (1, 2, 53)] == [
        Streak(days=4, longest=5),
        Streak(days=3, longest=5),
        Streak(days=3, longest=5),
    ]
    assert await due(tx, HOME, [(each, NOW + 999) for each in (1, 2, 53)]) == []
    assert await streak(tx, AWAY, 51, DAY) == Streak(days=0, longest=0)
