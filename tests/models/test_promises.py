"""What is owed, and which promise comes next."""

import asyncio
from dataclasses import replace

import pytest

from models.promises import (
    SILENT,
    Promise,
    claim,
    claim_urgent,
    fail,
    forget,
    give_back,
    holders,
    keep,
    lag,
    make,
    next_due,
    retry,
    shown,
    take_over,
)
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW

BOTH = ["discord", "telegram"]
LEASE = 60_000
US, THEM = "here:1:5", "here:2:7"
GREET = Promise(community_id=HOME, id=1, kind="Post", body="{}", platform="discord", due_at=NOW, cause="discord:msg:1")


async def claimed(tx: Tx, now: int = NOW, limit: int = 100) -> list[int]:
    return [promise.id for promise in await claim(tx, BOTH, US, now, now + LEASE, limit)]


async def kept(tx: Tx, *ids: int, now: int = NOW) -> None:
    await keep(tx, [(HOME, id, "kept", None) for id in ids], now)  # noqa: A001 - as in the record


async def test_a_promise_comes_back_whole(tx: Tx) -> None:
    """A claimed promise is what was promised, at its first attempt."""
    promise = replace(GREET, once="greet:7", lane="member:7", body='{"text": "你好"}')

    assert await make(tx, [promise]) == {1}
    assert await claim(tx, BOTH, US, NOW, NOW + LEASE, 10) == [replace(promise, attempts=1, tried_at=NOW)]


async def test_once_is_once(tx: Tx) -> None:
    """A promise under a name already used in its community is not made, not even after the first was kept."""
    assert await make(tx, [replace(GREET, once="a")]) == {1}
    assert await make(tx, [replace(GREET, id=2, once="a"), replace(GREET, id=3, once="b")]) == {3}
    assert await make(tx, [replace(GREET, id=4, community_id=AWAY, once="a")]) == {4}

    await kept(tx, 1)
    assert await make(tx, [replace(GREET, id=5, once="a")]) == set()
    assert await make(tx, [replace(GREET, id=6), replace(GREET, id=7)]) == {6, 7}


async def test_what_was_kept_long_ago_is_forgotten(tx: Tx) -> None:
    """So many at a time; open promises stay, and so does the name of one that is made once."""
    said = replace(GREET, body='{"text": "hello"}')
    more = [replace(said, id=number) for number in (2, 3, 4)]
    await make(tx, [said, *more, replace(said, id=5, once="a"), replace(said, id=6, community_id=AWAY)])
    await kept(tx, 1, 2, 5)
    await kept(tx, 3, now=NOW + 1)

    assert await forget(tx, HOME, NOW + 1, 1) == 2
    assert await forget(tx, HOME, NOW + 1, 9) == 1
    assert await forget(tx, HOME, NOW + 1, 9) == 0
    rows = await tx.all("SELECT id, body FROM promise ORDER BY id")
    assert [(row["id"], row["body"]) for row in rows] == [
        (3, said.body), (4, said.body), (5, "{}"), (6, said.body)
    ]  # fmt: skip
    assert await make(tx, [replace(said, id=7, once="a")]) == set()


async def test_only_what_is_due_is_claimed_in_order(tx: Tx) -> None:
    """The longest due comes first, future ones not at all, and other platforms' are for them."""
    dues = {1: NOW - 1, 2: NOW - 5, 3: NOW, 4: NOW + 1}
    await make(tx, [replace(GREET, id=id, due_at=due) for id, due in dues.items()])  # noqa: A001 - as in the record
    await make(tx, [replace(GREET, id=5, platform="telegram"), replace(GREET, id=6, platform="console")])

    assert await claimed(tx, limit=2) == [2, 1]
    assert await claimed(tx) == [3, 5]
    assert await claimed(tx) == []
    assert [promise.id for promise in await claim(tx, ["console"], US, NOW, NOW + LEASE, 10)] == [6]


async def test_a_lease_that_ran_out_is_claimed_again(tx: Tx) -> None:
    """A process that died with promises in hand holds them no longer than its lease."""
    await make(tx, [GREET])
    await claimed(tx)

    assert await claimed(tx, NOW + LEASE - 1) == []
    (again,) = await claim(tx, BOTH, US, NOW + LEASE, NOW + 2 * LEASE, 10)
    assert again.attempts == 2


@pytest.mark.parametrize("outcome", ["kept", "refused", "unknown"])
async def test_what_is_kept_is_over(tx: Tx, outcome: str) -> None:
    """However it ended, it is not claimed again, and its end is on record."""
    await make(tx, [GREET, replace(GREET, id=2)])
    await claimed(tx)

    await keep(tx, [(HOME, 1, outcome, "reason")], NOW + 1)
    await keep(tx, [(HOME, 1, "kept", None)], NOW + 9)

    assert await claimed(tx, NOW + LEASE) == [2]
    row = await tx.one("SELECT outcome, error, kept_at FROM promise WHERE id = 1")
    assert row is not None
    assert (row["outcome"], row["error"], row["kept_at"]) == (outcome, "reason", NOW + 1)


async def test_what_the_dead_had_in_the_air_is_taken_over(tx: Tx) -> None:
    """At once, as an attempt with unknown end; pauses, other platforms' and living processes' promises stay."""
    await make(tx, [replace(GREET, id=id) for id in range(1, 5)])  # noqa: A001 - as in the record
    await make(tx, [replace(GREET, id=9, platform="telegram")])
    await claim(tx, BOTH, THEM, NOW, NOW + LEASE, 2)
    await claim(tx, ["telegram"], THEM, NOW, NOW + LEASE, 1)
    await claim(tx, ["discord"], US, NOW, NOW + LEASE, 1)
    await retry(tx, [(HOME, 2, NOW + 500, "flood")])
    assert await holders(tx, "discord") == [US, THEM]

    assert await take_over(tx, "discord", THEM) == 1

    assert await holders(tx, "discord") == [US]
    assert await holders(tx, "telegram") == [THEM]
    again = await claim(tx, BOTH, US, NOW, NOW + LEASE, 9)
    assert [(each.id, each.attempts, each.error) for each in again] == [(1, 2, SILENT), (4, 1, None)]


async def test_what_was_never_begun_is_given_back(tx: Tx) -> None:
    """A claim whose commit got no answer leaves no trace: no attempt and no unknown outcome."""
    await make(tx, [replace(GREET, id=id) for id in (1, 2, 3)])  # noqa: A001 - as in the record
    await claimed(tx)
    await retry(tx, [(HOME, 2, NOW + 1, "flood")])
    await claimed(tx, NOW + 1)

    assert await give_back(tx, THEM, []) == 0
    assert await give_back(tx, US, [3]) == 2

    again = await claim(tx, BOTH, US, NOW + 1, NOW + LEASE, 9)
    assert [(each.id, each.attempts, each.error) for each in again] == [(1, 1, None), (2, 2, None)]


async def test_what_is_urgent_can_be_claimed_alone(tx: Tx) -> None:
    """However much fell due before it, and however many promises of its community are in the air."""
    await make(tx, [replace(GREET, due_at=NOW - 9), replace(GREET, id=2, urgent=True)])
    await make(tx, [replace(GREET, id=3, urgent=True, due_at=NOW + 1), replace(GREET, id=4, community_id=AWAY)])

    assert [each.id for each in await claim_urgent(tx, BOTH, US, NOW, NOW + LEASE, 9)] == [2]
    assert [each.id for each in await claim(tx, BOTH, US, NOW, NOW + LEASE, 9, [GREET.turn])] == [4]
    assert [each.id for each in await claim(tx, BOTH, US, NOW, NOW + LEASE, 9)] == [1]


@pytest.mark.parametrize(("full", "found"), [("discord:Post", [2, 4]), (f"{HOME}:discord:Post", [2, 3, 4]), ("", [1])])
async def test_of_what_is_full_nothing_is_claimed(tx: Tx, full: str, found: list[int]) -> None:
    """Full may be a kind everywhere or in one community; other kinds, and other platforms, are claimed."""
    await make(tx, [GREET, replace(GREET, id=2, kind="Tell"), replace(GREET, id=3, community_id=AWAY)])
    await make(tx, [replace(GREET, id=4, platform="telegram")])

    claims = await claim(tx, BOTH, US, NOW, NOW + LEASE, 9 if full else 1, [full])

    assert [each.id for each in claims] == found


async def test_a_failed_one_waits(tx: Tx) -> None:
    """A promise that waits for a retry is not claimed until then."""
    await make(tx, [GREET])
    await claimed(tx)

    await retry(tx, [(HOME, 1, NOW + 500, "flood")])

    assert await claimed(tx, NOW + 499) == []
    assert await claimed(tx, NOW + 500) == [1]


async def test_a_lane_keeps_its_order(tx: Tx) -> None:
    """One promise of a lane at a time, the first due first; the next only when it is kept."""
    await make(tx, [replace(GREET, id=id, lane="a") for id in (1, 2, 3)])  # noqa: A001 - as in the record
    await make(
        tx, [replace(GREET, id=4, lane="b"), replace(GREET, id=5), replace(GREET, id=6, community_id=AWAY, lane="a")]
    )

    assert await claimed(tx) == [1, 4, 5, 6]
    assert await claimed(tx) == []
    await kept(tx, 1)
    assert await claimed(tx) == [2]


async def test_a_waiting_promise_holds_its_lane(tx: Tx) -> None:
    """While the first waits for a retry, the second does not overtake it."""
    await make(tx, [replace(GREET, lane="a"), replace(GREET, id=2, lane="a", due_at=NOW + 1)])
    await claimed(tx)
    await retry(tx, [(HOME, 1, NOW + 500, None)])

    assert await claimed(tx, NOW + 499) == []
    assert await claimed(tx, NOW + 500) == [1]


async def test_none_slips_in_beside_one_being_kept(tx: Tx) -> None:
    """A promise made later but due earlier waits for the one under way."""
    await make(tx, [replace(GREET, lane="a")])
    await claimed(tx)
    await make(tx, [replace(GREET, id=2, lane="a", due_at=NOW - 5)])

    assert await claimed(tx) == []
    await kept(tx, 1)
    assert await claimed(tx) == [2]


async def test_a_timer_does_not_hold_its_lane(tx: Tx) -> None:
    """A promise due next month does not stop one due now."""
    await make(tx, [replace(GREET, lane="a", due_at=NOW + 999_999), replace(GREET, id=2, lane="a")])

    assert await claimed(tx) == [2]


async def test_the_next_due_is_when_claiming_pays(tx: Tx) -> None:
    """It counts timers, pauses and lanes, and only the given platforms."""
    assert await next_due(tx, BOTH) is None

    await make(tx, [replace(GREET, lane="a"), replace(GREET, id=2, lane="a", due_at=NOW + 1)])
    await make(tx, [replace(GREET, id=3, due_at=NOW + 900), replace(GREET, id=4, platform="console", due_at=1)])
    assert await next_due(tx, BOTH) == NOW

    await claimed(tx)
    assert await next_due(tx, BOTH) == NOW + 900
    await retry(tx, [(HOME, 1, NOW + 500, None)])
    assert await next_due(tx, BOTH) == NOW + 500
    await kept(tx, 1)
    assert await next_due(tx, BOTH) == NOW + 1
    await kept(tx, 2, 3)
    assert await next_due(tx, BOTH) is None


async def test_claiming_at_the_next_due_always_finds_something(tx: Tx) -> None:
    """An outbox that sleeps until the next due moment always finds work, whatever the lanes are."""
    for id in range(1, 30):  # noqa: A001 - as in the record
        due = NOW + id * 7919 % 1000
        await make(tx, [replace(GREET, id=id, lane=("a", "b", None)[id % 3], due_at=due)])
    now, rounds = NOW, 0

    while (due_next := await next_due(tx, BOTH)) is not None:
        now = max(now, due_next)
        found = await claimed(tx, now, limit=3)
        assert found
        failed = [id for id in found if (id + rounds) % 4 == 0]  # noqa: A001 - as in the record
        await retry(tx, [(HOME, id, now + 100, None) for id in failed])  # noqa: A001 - as in the record
        await kept(tx, *(set(found) - set(failed)))
        rounds += 1
        assert rounds < 200


async def test_the_lag_is_that_of_the_longest_due(tx: Tx) -> None:
    """How long the oldest due promise has waited; nothing due is no lag."""
    assert await lag(tx, NOW) == 0
    await make(tx, [replace(GREET, due_at=NOW - 300), replace(GREET, id=2, due_at=NOW - 100)])

    assert await lag(tx, NOW) == 300
    await kept(tx, 1)
    assert await lag(tx, NOW) == 100
    assert await lag(tx, NOW - 200) == 0


async def test_two_outboxes_never_claim_the_same(store: Store, other: Store) -> None:
    """A claim that meets an uncommitted one waits for it, and takes nothing that it took."""
    async with store.write() as tx:
        await make(tx, [replace(GREET, id=id) for id in range(1, 21)])  # noqa: A001 - as in the record

    async def claim_too() -> list[int]:
        async with other.write() as tx:
            return await claimed(tx, limit=20)

    async with store.write() as tx:
        first = await claimed(tx, limit=10)
        task = asyncio.create_task(claim_too())
        await asyncio.sleep(0.1)

    assert first == list(range(1, 11))
    assert set(await task).isdisjoint(first)


async def test_many_outboxes_claim_each_promise_once(store: Store, other: Store) -> None:
    """However many claim at once, each promise is claimed once and none is left."""
    async with store.write() as tx:
        await make(tx, [replace(GREET, id=id) for id in range(1, 101)])  # noqa: A001 - as in the record
    found: list[int] = []

    async def work(through: Store) -> None:
        while len(found) < 100:
            async with through.write() as tx:
                batch = await claimed(tx, limit=7)
            found.extend(batch)

    await asyncio.wait_for(asyncio.gather(*(work(through) for through in (store, other) * 3)), 20)

    assert sorted(found) == list(range(1, 101))


async def test_failures_are_counted(tx: Tx) -> None:
    """Reported failures, and attempts without an answer; a pause that the platform asked for is none."""
    await make(tx, [GREET])
    await claim(tx, BOTH, US, NOW, NOW + LEASE, 1)
    await retry(tx, [(HOME, 1, NOW + 500, "flood")])
    (put_off,) = await claim(tx, BOTH, US, NOW + 500, NOW + 500 + LEASE, 1)
    await fail(tx, [(HOME, 1)])
    await retry(tx, [(HOME, 1, NOW + 900, "no answer")])
    (failed,) = await claim(tx, BOTH, US, NOW + 900, NOW + 900 + LEASE, 1)
    (silent,) = await claim(tx, BOTH, US, NOW + 900 + LEASE, NOW + 900 + 2 * LEASE, 1)

    assert [each.failures for each in (put_off, failed, silent)] == [0, 1, 2]
    assert {each.tried_at for each in (put_off, failed, silent)} == {NOW}


async def test_what_an_answer_showed_is_owed_no_more(tx: Tx) -> None:
    """Only in the same community, and once."""
    owed = replace(GREET, once="answer:discord:interaction:7")
    await make(tx, [owed, replace(owed, community_id=AWAY)])
    for _ in range(2):
        await shown(tx, HOME, "discord:interaction:7")

    assert [promise.community_id for promise in await claim(tx, BOTH, US, NOW, NOW + LEASE, 9)] == [AWAY]
    assert len(await tx.all("SELECT id FROM promise")) == 1
