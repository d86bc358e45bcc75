"""Entries, their reversals, and what was earned by day."""

import asyncio
import sqlite3

import asyncpg
import pytest

from models.communities import create_community
from models.ids import Ids
from models.ledger import (
    Earning,
    Entry,
    add_earning,
    earnings,
    entries_of_cause,
    entry,
    history,
    lock,
    reverse,
    reversed_by,
    taken_back,
    write,
)
from models.spans import DAY as DAY_MS
from models.standings import settle, standing, standing_for_update
from models.stays import mark_left
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import arrive

DAY = 20_000
HELLO = Entry(
    community_id=HOME,
    at=NOW,
    day=DAY,
    member_id=7,
    kind="earn",
    amount=5,
    counts=True,
    reason="message",
    cause="discord:msg:1",
    place_id=3,
)
GIFT = Entry(
    community_id=HOME,
    at=NOW,
    day=DAY,
    member_id=7,
    kind="adjust",
    amount=-40,
    counts=False,
    reason="take",
    cause="discord:cmd:1",
    actor_id=8,
    other_id=9,
    note="for the cake",
)
STAKE = HELLO._replace(kind="stake", amount=-5, counts=False, subject="raffle:1", cause="discord:cmd:2")


async def test_entries_are_read_as_they_were_written(tx: Tx, ids: Ids) -> None:
    """Every field comes back, under the number that `write` gave."""
    written = await write(tx, [HELLO, GIFT, STAKE], ids)

    assert [each._replace(id=0) for each in written] == [HELLO, GIFT, STAKE]
    assert [await entry(tx, HOME, each.id) for each in written] == written
    assert await entry(tx, AWAY, written[0].id) is None
    assert await write(tx, [], ids) == []


async def test_the_same_cause_pays_once(tx: Tx, ids: Ids) -> None:
    """A cause pays each member once for each reason, in one batch or in two."""
    await write(tx, [HELLO], ids)

    again = [HELLO, HELLO._replace(member_id=8), HELLO._replace(reason="reply"), HELLO._replace(member_id=8)]
    written = await write(tx, again, ids)

    assert [(each.member_id, each.reason) for each in written] == [(8, "message"), (7, "reply")]
    assert [each.amount for each in await history(tx, HOME, 7, None, 9)] == [5, 5]


async def test_numbers_only_grow(tx: Tx, ids: Ids) -> None:
    """A later entry has a greater number, even if another process with a slow clock wrote it."""
    early = await write(tx, [HELLO], Ids(1023))
    late = await write(tx, [HELLO._replace(cause=f"{at}", at=NOW - 60_000) for at in range(300)], ids)

    numbers = [each.id for each in early + late]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 301


async def test_a_batch_belongs_to_one_community(tx: Tx, ids: Ids) -> None:
    """Two ledgers are not written at once."""
    with pytest.raises(ValueError, match="one community"):
        await write(tx, [HELLO, HELLO._replace(community_id=AWAY)], ids)


@pytest.mark.parametrize(
    "bad",
    [
        HELLO._replace(amount=0),
        HELLO._replace(amount=-1),
        GIFT._replace(amount=10**12 + 1),
        GIFT._replace(amount=-(10**12) - 1),
        STAKE._replace(amount=5),
        STAKE._replace(subject=None),
        HELLO._replace(subject="raffle:1"),
        HELLO._replace(kind="gift"),
        HELLO._replace(kind="reverse"),
        HELLO._replace(reverses=1),
        HELLO._replace(reason=""),
        HELLO._replace(cause=""),
        HELLO._replace(note="x" * 1001),
    ],
)
async def test_nonsense_is_refused(store: Store, ids: Ids, bad: Entry) -> None:
    """The ledger itself refuses it, even if the caller forgot to check."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await write(tx, [bad], ids)


async def test_history_turns_pages(tx: Tx, ids: Ids) -> None:
    """Newest first, each entry on one page, and nobody else's."""
    written = await write(tx, [HELLO._replace(cause=f"{at}", member_id=7 + at % 2) for at in range(10)], ids)

    first = await history(tx, HOME, 7, None, 3)
    second = await history(tx, HOME, 7, first[-1].id, 3)

    assert first + second == written[-2::-2]
    assert await history(tx, AWAY, 7, None, 3) == []


async def test_an_entry_is_reversed_once_and_for_good(tx: Tx, ids: Ids) -> None:
    """A reversal mirrors its entry and has its actor; neither of them is reversed again."""
    written = await write(tx, [HELLO, HELLO._replace(reason="reply"), STAKE], ids)

    back = await reverse(tx, written, "discord:del:1", NOW + 1, DAY, 8, "undo", ids)

    assert [(each.amount, each.counts, each.subject, each.reverses) for each in back] == [
        (-each.amount, each.counts, each.subject, each.id) for each in written
    ]
    assert {(each.kind, each.reason, each.actor_id, each.at) for each in back} == {("reverse", "undo", 8, NOW + 1)}
    assert await reverse(tx, written, "discord:del:2", NOW, DAY, 8, "undo", ids) == []
    assert await reverse(tx, back, "discord:del:3", NOW, DAY, 8, "undo", ids) == []
    assert [await reversed_by(tx, HOME, each.id) for each in written] == back
    assert await reversed_by(tx, HOME, back[0].id) is None


async def test_a_reversed_cause_does_not_pay_again(tx: Tx, ids: Ids) -> None:
    """Toggling gains nothing: what was taken back and comes again earns nothing."""
    written = await write(tx, [HELLO], ids)
    await reverse(tx, written, HELLO.cause, NOW, DAY, None, "retracted", ids)

    assert await write(tx, [HELLO], ids) == []
    assert await entries_of_cause(tx, HOME, [HELLO.cause, HELLO.cause, "discord:msg:2"]) == written
    assert await entries_of_cause(tx, AWAY, [HELLO.cause]) == []


async def test_earnings_add_up_by_day_and_reason(tx: Tx) -> None:
    """Over all places: how much, how often, and when last; a reversal leaves the last moment."""
    row = Earning(HOME, DAY, 7, 3, "message", 5, 2, NOW)
    elsewhere = row._replace(place_id=0)
    await add_earning(tx, [row, elsewhere, row._replace(day=DAY - 1), row._replace(member_id=8)])
    await add_earning(tx, [row._replace(amount=4, times=1, last_at=NOW - 1)])
    await add_earning(tx, [row._replace(amount=-5, times=-1, last_at=NOW + 9), row._replace(member_id=99, amount=-1)])

    found = await earnings(tx, HOME, DAY, [7, 7, 99])

    assert found == [elsewhere._replace(amount=9, times=4)]
    assert await earnings(tx, AWAY, DAY, [7]) == []


async def test_no_more_is_taken_back_than_was_earned(store: Store) -> None:
    """A sum of a day that would fall below zero is refused."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):  # noqa: PT012 - the block is the transaction
        async with store.write() as tx:
            await add_earning(tx, [Earning(HOME, DAY, 7, 3, "message", 5, 1, NOW)])
            await add_earning(tx, [Earning(HOME, DAY, 7, 3, "message", -6, -1, NOW)])


async def test_two_processes_do_not_spend_the_same_points(store: Store, other: Store) -> None:
    """If two processes each spend all points, one finds them spent."""
    async with store.write() as tx:
        await create_community(tx, HOME, "Home", NOW)
        await write(tx, [HELLO], Ids(1))

    async def spend(by: Store, node: int) -> bool:
        async with by.write() as tx:
            there = await standing_for_update(tx, HOME, 7)
            await asyncio.sleep(0.05)
            if there.balance < 5:
                return False
            bought = HELLO._replace(kind="spend", amount=-5, counts=False, reason="buy", cause=f"buy:{node}")
            await write(tx, [bought], Ids(node))
            await settle(tx, HOME)
            return True

    assert sorted(await asyncio.gather(spend(store, 2), spend(other, 3))) == [False, True]
    async with store.read() as tx:
        assert (await standing(tx, HOME, 7)).balance == 0


async def test_numbers_grow_in_the_order_of_commits(store: Store, other: Store) -> None:
    """Entries get numbers only after those of another process are committed, or settling would miss some."""
    written: list[int] = []

    async def earn(by: Store, node: int) -> None:
        for at in range(5):
            async with by.write() as tx:
                await lock(tx, HOME)
                (made,) = await write(tx, [HELLO._replace(cause=f"{node} {at}")], Ids(node))
                written.append(made.id)
                await asyncio.sleep(0.001)

    await asyncio.gather(earn(store, 1), earn(other, 2))

    assert written == sorted(set(written))
    assert len(written) == 10


async def test_what_was_taken_back_on_a_day(tx: Tx, ids: Ids) -> None:
    """By member and reason, the greatest loss first; no decisions of staff, no small losses, no leavers."""
    day = NOW // DAY_MS
    for number, name in ((1, "ann"), (2, "bob"), (3, "cat"), (4, "dan")):
        await arrive(tx, HOME, number, name)
    paid = [
        HELLO._replace(member_id=member, amount=amount, day=day, cause=f"test:{number}")
        for number, (member, amount) in enumerate([(1, 3), (1, 4), (1, 9), (1, 50), (2, 2), (3, 20), (4, 20)])
    ]
    first, second, third, fourth, fifth, sixth, seventh = await write(tx, paid, ids)
    for reason, entries in (
        ("deleted", [first, second, fifth, sixth, seventh]),
        ("removed", [third]),
        ("undo", [fourth]),
    ):
        await reverse(tx, entries, f"test:{reason}", NOW, day, None, reason, ids)
    await mark_left(tx, [(HOME, 4, NOW)])

    found = await taken_back(tx, HOME, day, 5, 0, 9)

    assert [(each.member_id, each.reason, each.amount, each.times) for each in found] == [
        (1, "removed", -9, 1), (1, "deleted", -7, 2), (3, "deleted", -20, 1),
    ]  # fmt: skip
    back = await entry(tx, HOME, found[1].last_id)
    assert back
    assert back.reverses == second.id
    assert [each.member_id for each in await taken_back(tx, HOME, day, 5, 1, 9)] == [3]
    assert {each.member_id for each in await taken_back(tx, HOME, day, 5, 0, 1)} == {1}
    assert [each.member_id for each in await taken_back(tx, HOME, day, 17, 0, 9)] == [3]
    assert await taken_back(tx, HOME, day + 1, 1, 0, 9) == []
    assert await taken_back(tx, AWAY, day, 1, 0, 9) == []
