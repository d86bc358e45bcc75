"""Which process holds a part that only one may hold."""

import asyncio
from dataclasses import replace

from models.leases import Lease, look, release, renew, take
from models.store import Store, Tx
from tests.models.conftest import NOW

OURS = Lease(name="bell", holder="one", number=1, until=NOW + 10)


async def test_a_free_lease_is_taken(tx: Tx) -> None:
    """The first to ask holds it."""
    assert await look(tx, "bell") is None
    assert await take(tx, "bell", "one", NOW, NOW + 10) == OURS
    assert await look(tx, "bell") == OURS


async def test_a_held_lease_is_not_taken(tx: Tx) -> None:
    """A process that asks meanwhile is told who holds it."""
    await take(tx, "bell", "one", NOW, NOW + 10)

    assert await take(tx, "bell", "two", NOW + 9, NOW + 99) == OURS


async def test_a_lease_that_ran_out_changes_hands(tx: Tx) -> None:
    """The next holder's number is higher, and the former can neither renew nor release it."""
    await take(tx, "bell", "one", NOW, NOW + 10)

    theirs = await take(tx, "bell", "two", NOW + 10, NOW + 20)

    assert theirs == Lease(name="bell", holder="two", number=2, until=NOW + 20)
    assert not await renew(tx, OURS, NOW + 99)
    assert not await release(tx, OURS)
    assert await look(tx, "bell") == theirs


async def test_a_lease_may_be_taken_by_force(tx: Tx) -> None:
    """An operator who knows that the holder is dead need not wait."""
    await take(tx, "bell", "one", NOW, NOW + 10)

    assert (await take(tx, "bell", "two", NOW, NOW + 20, force=True)).number == 2


async def test_a_lease_is_renewed_and_released(tx: Tx) -> None:
    """Its holder keeps it longer, or gives it up at once; the number never goes back."""
    await take(tx, "bell", "one", NOW, NOW + 10)

    assert await renew(tx, OURS, NOW + 50)
    assert await look(tx, "bell") == replace(OURS, until=NOW + 50)
    assert await release(tx, OURS)
    assert (await take(tx, "bell", "two", NOW, NOW + 20)).number == 2


async def test_of_many_one_gets_it(store: Store, other: Store) -> None:
    """However many ask at once, all are told of the same holder."""

    async def ask(through: Store, holder: str) -> Lease:
        async with through.write() as tx:
            return await take(tx, "bell", holder, NOW, NOW + 10)

    leases = await asyncio.gather(*(ask((store, other)[at % 2], f"holder {at}") for at in range(8)))

    assert len(set(leases)) == 1
    assert leases[0].number == 1
