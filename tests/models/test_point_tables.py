"""Tables that administrators handed in, and what became of them."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models.point_tables import Batch, Line, add, batch, change, forget_lines, lines
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW

BATCH = Batch(community_id=HOME, number=1, owner_id=7, made_at=NOW, state="shown", changed_at=NOW)


async def test_a_batch_is_read_as_it_was_handed_in(tx: Tx) -> None:
    """Its own lines in their order."""
    later, first = Line(HOME, 1, 12, 8, -5, "too loud"), Line(HOME, 1, 2, 8, 5, "茶")
    await add(tx, BATCH, [later, first])
    await add(tx, replace(BATCH, community_id=AWAY), [first._replace(community_id=AWAY)])

    assert await batch(tx, HOME, 1) == BATCH
    assert await batch(tx, HOME, 2) is None
    assert await lines(tx, HOME, 1) == [first, later]


async def test_a_batch_changes_once(tx: Tx) -> None:
    """The second of two finds it changed already."""
    await add(tx, BATCH, [])

    assert [await change(tx, HOME, 1, "shown", state, NOW + 5) for state in ("applied", "dropped")] == [True, False]
    assert await batch(tx, HOME, 1) == replace(BATCH, state="applied", changed_at=NOW + 5)


async def test_lines_are_forgotten(tx: Tx) -> None:
    """Those of batches without a recent change; the batch itself is remembered."""
    for number, at in ((1, NOW), (2, NOW + 1)):
        await add(tx, replace(BATCH, number=number, changed_at=at), [Line(HOME, number, 1, 8, 5, "tea")])

    assert await forget_lines(tx, HOME, NOW + 1) == 1
    assert (await lines(tx, HOME, 1), len(await lines(tx, HOME, 2))) == ([], 1)
    assert await batch(tx, HOME, 1) == BATCH


@pytest.mark.parametrize(
    "line", [Line(HOME, 1, 1, 8, 0, "x"), Line(HOME, 1, 1, 8, 10**6 + 1, "x"), Line(HOME, 1, 1, 8, 1, "x" * 201)]
)
async def test_bounds_are_checked(store: Store, line: Line) -> None:
    """Lines that could not become entries are refused."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await add(tx, BATCH, [line])
