"""Bounties: one at a time for a question, closed once."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models import bounties, ledger, proof, standings
from models.bounties import Bounty
from models.communities import create_places, move_place
from models.ids import Ids
from models.numbers import next_number
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive, spent

PLACED = Bounty(community_id=HOME, number=5, question=3, owner_id=7, amount=50, placed_at=NOW, ends_at=NOW + 100)


async def test_a_bounty_is_closed_once(tx: Tx) -> None:
    """Then there may be another on the same question."""
    await bounties.place(tx, PLACED)

    assert await bounties.open_on(tx, HOME, 3) == await bounties.bounty(tx, HOME, 5) == PLACED
    assert await bounties.open_on(tx, AWAY, 3) is None
    assert await bounties.overdue(tx, HOME, NOW + 101) == [PLACED]
    assert await bounties.overdue(tx, HOME, NOW + 100) == []
    assert [await bounties.close(tx, HOME, 5, "returned", NOW + 200) for _ in range(2)] == [True, False]
    assert await bounties.open_on(tx, HOME, 3) is None
    assert await bounties.bounty(tx, HOME, 5) == replace(PLACED, closed_at=NOW + 200, outcome="returned")
    await bounties.place(tx, replace(PLACED, number=6))


async def test_two_at_a_time_cannot_be(tx: Tx) -> None:
    """The table refuses it itself."""
    await bounties.place(tx, PLACED)

    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with tx.savepoint():
            await bounties.place(tx, replace(PLACED, number=6))


async def test_a_bounty_comes_home_with_what_is_in_escrow(tx: Tx) -> None:
    """From a community founded by mistake, under a number that continues ours."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    for community, count in ((HOME, 10), (AWAY, 5)):
        for _ in range(count):
            await next_number(tx, community)
    await ledger.write(tx, [spent(AWAY, 51, "gift", 60)], Ids(1))
    staked = spent(AWAY, 51, "bounty", -50)._replace(kind="stake", subject="bounty:5")
    await ledger.write(tx, [staked], Ids(1))
    await bounties.place(tx, replace(PLACED, community_id=AWAY, owner_id=51))

    await move_place(tx, "telegram", "-5", "-100")

    assert await bounties.open_on(tx, HOME, 13) == replace(PLACED, number=15, question=13, owner_id=1)
    assert [each.amount for each in await ledger.staked(tx, HOME, "bounty:15")] == [-50]
    await standings.settle(tx, HOME)
    assert await proof.prove(tx, HOME) == []
    await bounties.close(tx, HOME, 15, "returned", NOW)
    assert [each.what for each in await proof.prove(tx, HOME)] == ["escrow"]
