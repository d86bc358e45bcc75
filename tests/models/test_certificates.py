"""Certificates, as they are stored."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models.certificates import Certificate, Found, certificates_of, find, give, revoke
from models.communities import create_community, create_places, move_place
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive

FIRST = Certificate(
    community_id=HOME, code="0" * 16, member_id=1, name="Ann", title="the workshop", giver_id=2, given_at=NOW
)


async def test_a_code_stands_for_itself(tx: Tx) -> None:
    """It works for a certificate of any community, and gives that community's name."""
    theirs = replace(FIRST, community_id=AWAY, code="1" * 16)
    for each in (FIRST, theirs):
        await give(tx, each)

    assert await find(tx, FIRST.code) == Found(FIRST, "Home")
    assert await find(tx, theirs.code) == Found(theirs, "Away")
    assert await find(tx, "2" * 16) is None


async def test_a_member_has_them_page_by_page(tx: Tx) -> None:
    """The newest first."""
    made = [replace(FIRST, code=f"{number:016}", given_at=NOW + number) for number in range(5)]
    for each in [*made, replace(FIRST, code="9" * 16, member_id=2)]:
        await give(tx, each)

    assert await certificates_of(tx, HOME, 1, 3) == made[:1:-1]
    assert await certificates_of(tx, HOME, 1, 3, 3) == made[1::-1]
    assert await certificates_of(tx, AWAY, 1, 3) == []


async def test_a_certificate_is_revoked_once(tx: Tx) -> None:
    """In its own community, for good, with the reason."""
    await give(tx, FIRST)
    assert not await revoke(tx, AWAY, FIRST.code, NOW + 1, "not theirs")
    assert not await revoke(tx, HOME, "1" * 16, NOW + 1, "unknown")

    assert await revoke(tx, HOME, FIRST.code, NOW + 1, "a mistake")
    assert not await revoke(tx, HOME, FIRST.code, NOW + 2, "twice")

    gone = replace(FIRST, revoked_at=NOW + 1, why="a mistake")
    assert await find(tx, FIRST.code) == Found(gone, "Home")
    assert await certificates_of(tx, HOME, 1, 3) == [gone]


async def test_no_code_is_given_twice(store: Store) -> None:
    """Not even by two communities."""
    async with store.write() as tx:
        await create_community(tx, HOME, "Home", NOW)
        await give(tx, FIRST)

    with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)):
        async with store.write() as tx:
            await give(tx, replace(FIRST, community_id=AWAY))


@pytest.mark.parametrize(
    "bad",
    [
        replace(FIRST, code="0" * 15),
        replace(FIRST, title=""),
        replace(FIRST, title="x" * 121),
        replace(FIRST, name=""),
        replace(FIRST, why="none"),
        replace(FIRST, revoked_at=1),
    ],
)
async def test_nonsense_is_refused(store: Store, bad: Certificate) -> None:
    """The table itself refuses it, even if the caller forgot to check."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await give(tx, bad)


async def test_certificates_come_home_with_a_community_founded_by_mistake(tx: Tx) -> None:
    """Their codes stay valid, and each belongs to the member in the other community."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    for community, member, name in [(HOME, 1, "ann"), (HOME, 2, "bob"), (AWAY, 51, "ann"), (AWAY, 53, "cat")]:
        await arrive(tx, community, member, name)
    theirs = replace(FIRST, community_id=AWAY, member_id=51, giver_id=53)
    cats = replace(theirs, code="1" * 16, member_id=53, giver_id=51)
    for each in (theirs, cats):
        await give(tx, each)

    await move_place(tx, "telegram", "-5", "-100")

    assert await find(tx, theirs.code) == Found(replace(theirs, community_id=HOME, member_id=1), "Home")
    assert await certificates_of(tx, HOME, 53, 3) == [replace(cats, community_id=HOME, giver_id=1)]
    assert await certificates_of(tx, AWAY, 51, 3) == []
