"""Numbers, items and their stock, orders."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models.numbers import next_number
from models.shop import (
    Item,
    Purchase,
    add_purchase,
    close_purchase,
    count_bought,
    ended_purchases,
    held_purchases,
    item,
    items,
    open_purchases,
    purchase,
    purchases_of,
    put_item,
    restock,
)
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW

STICKER = Item(
    community_id=HOME, number=1, name="Sticker", about="Drawn", price=50, stock=2, per_member=1, added_at=NOW
)
GOLD = replace(
    STICKER, number=2, name="Gold", about="", place_id=3, role_id="9", role_name="gold", lasts=1000, stock=None
)
ORDER = Purchase(community_id=HOME, number=5, item=1, member_id=7, price=50, entry_id=11, at=NOW, state="open")
HELD = replace(ORDER, number=6, item=2, state="held", until=NOW + 1000)


async def test_numbers_are_given_once(tx: Tx) -> None:
    """From one on, for each community alone."""
    assert [await next_number(tx, HOME) for _ in range(3)] == [1, 2, 3]
    assert await next_number(tx, AWAY) == 1


async def test_items_are_read_as_they_were_put(tx: Tx) -> None:
    """Every field; a second put changes it, and a removed item is not sold but still known."""
    for each in (GOLD, STICKER, replace(STICKER, community_id=AWAY)):
        await put_item(tx, each)

    assert await items(tx, HOME, 9) == [STICKER, GOLD]
    assert await items(tx, HOME, 1, 1) == [GOLD]
    await put_item(tx, replace(STICKER, price=60, gone_at=NOW))
    assert await items(tx, HOME, 9) == [GOLD]
    assert await item(tx, HOME, 1) == replace(STICKER, price=60, gone_at=NOW)
    assert await item(tx, HOME, 3) is None


async def test_stock_ends(tx: Tx) -> None:
    """An item that comes back can be sold again, and unlimited stock never ends."""
    for each in (STICKER, GOLD):
        await put_item(tx, each)

    assert [await restock(tx, HOME, 1, -1) for _ in range(3)] == [True, True, False]
    assert await restock(tx, HOME, 1, 1)
    assert await item(tx, HOME, 1) == replace(STICKER, stock=1)
    assert await restock(tx, HOME, 2, -1)
    assert await item(tx, HOME, 2) == GOLD


async def test_orders_are_found(tx: Tx) -> None:
    """By number, by member the newest first, and open ones the oldest first."""
    others = [replace(ORDER, number=number) for number in (8, 9)]
    for each in (ORDER, HELD, *others, replace(ORDER, number=10, member_id=8)):
        await add_purchase(tx, each)

    assert await purchase(tx, HOME, 6) == HELD
    assert await purchase(tx, AWAY, 6) is None
    assert [each.number for each in await purchases_of(tx, HOME, 7, 9, 2)] == [8, 6]
    assert [each.number for each in await open_purchases(tx, HOME, 5, 2)] == [8, 9]
    assert await count_bought(tx, HOME, 7, 1) == 3


async def test_an_order_is_closed_once(tx: Tx) -> None:
    """Only from a state that it is in; a refunded one no longer counts."""
    await add_purchase(tx, ORDER)

    assert not await close_purchase(tx, HOME, 5, ["held"], "ended", NOW, None)
    assert await close_purchase(tx, HOME, 5, ["open"], "done", NOW, 3)
    assert not await close_purchase(tx, HOME, 5, ["open"], "done", NOW, 4)
    assert await purchase(tx, HOME, 5) == replace(ORDER, state="done", closed_at=NOW, closed_by=3)
    assert await close_purchase(tx, HOME, 5, ["open", "done"], "refunded", NOW, 3)
    assert await count_bought(tx, HOME, 7, 1) == 0


async def test_orders_that_hold_a_role_are_found(tx: Tx) -> None:
    """Whatever else they are for; not those of others, and not those that are over."""
    for each in (STICKER, GOLD):
        await put_item(tx, each)
    others = [replace(HELD, number=7), replace(HELD, number=8, member_id=8), replace(ORDER, number=9)]
    for purchased in (HELD, *others):
        await add_purchase(tx, purchased)
    await close_purchase(tx, HOME, 7, ["held"], "refunded", NOW, None)

    assert await held_purchases(tx, HOME, 7, "9") == [HELD]
    assert await held_purchases(tx, HOME, 7, "10") == []


async def test_roles_end_in_their_time(tx: Tx) -> None:
    """Those still held, the earliest first; a permanent role does not end."""
    for each in (HELD, replace(HELD, number=7, until=NOW + 500), replace(HELD, number=8, until=None)):
        await add_purchase(tx, each)

    assert await ended_purchases(tx, HOME, NOW, 9) == []
    assert [each.number for each in await ended_purchases(tx, HOME, NOW + 1000, 9)] == [7, 6]
    await close_purchase(tx, HOME, 7, ["held"], "ended", NOW, None)
    assert [each.number for each in await ended_purchases(tx, HOME, NOW + 1000, 9)] == [6]


@pytest.mark.parametrize(
    "bad",
    [
        replace(STICKER, name=""),
        replace(STICKER, name="x" * 61),
        replace(STICKER, about="x" * 301),
        replace(STICKER, price=0),
        replace(STICKER, price=1_000_001),
        replace(STICKER, stock=-1),
        replace(STICKER, per_member=0),
        replace(STICKER, role_id="9"),
        replace(STICKER, lasts=5),
        replace(GOLD, role_name=None),
        replace(ORDER, state="lost"),
        replace(ORDER, price=0),
        replace(ORDER, closed_at=NOW),
        replace(ORDER, state="done"),
    ],
)
async def test_nonsense_is_refused(store: Store, bad: Item | Purchase) -> None:
    """The tables themselves refuse it, even if the caller forgot to check."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with store.write() as tx:
            await (put_item(tx, bad) if isinstance(bad, Item) else add_purchase(tx, bad))
