"""Measures what boards ask of the store: a member's rank and the top ten, among a million."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from bench.crowd import DAY, NOON
from bench.frame import Figure, Scale, at_most, bench
from bench.houses import CHUNK, HOME, filled, member_id
from models import ledger, rankings, standings
from models.engines import open_store
from models.ids import Ids
from models.ledger import Entry
from models.store import Store, Tx

MEMBERS = 1_000_000
ASKED = 300

_rich: dict[int, Path] = {}


def gift(number: int, amount: int) -> Entry:
    return Entry(
        community_id=HOME,
        at=NOON,
        day=NOON // DAY,
        member_id=member_id(number),
        kind="adjust",
        amount=amount,
        counts=True,
        reason="bench",
        cause=f"bench:{number}",
    )


async def rich(size: int) -> Path:
    """Members with scores as in a community: few have much, many nearly the same. Filled once, for reading only."""
    if size in _rich:
        return _rich[size]
    path = await filled(size)
    store = await open_store(f"sqlite:///{path}")
    random, ids = Random(size), Ids()
    for start in range(0, size, CHUNK):
        numbers = range(start, min(start + CHUNK, size))
        async with store.write() as tx:
            await ledger.write(tx, [gift(number, int(random.paretovariate(0.8) * 5)) for number in numbers], ids)
    async with store.write() as tx:
        await standings.settle(tx, HOME)
    await store.close()
    return _rich.setdefault(size, path)


async def asked(store: Store, question: Callable[[Tx], Awaitable[object]]) -> float:
    """The median in milliseconds, with a transaction for each query."""
    took = []
    for _ in range(ASKED):
        began = perf_counter()
        async with store.read() as tx:
            await question(tx)
        took.append((perf_counter() - began) * 1000)
    return median(took)


@bench("ranking", runs=3)
async def ranking(scale: Scale) -> list[Figure]:
    size = scale.of(MEMBERS, 5_000)
    random = Random(size)
    store = await open_store(f"sqlite:///{await rich(size)}")
    rank = await asked(store, lambda tx: rankings.rank(tx, HOME, member_id(random.randrange(size))))
    top = await asked(store, lambda tx: rankings.top(tx, HOME, 10))
    await store.close()
    return [
        Figure(what="rank among 1 M, p50", ours=rank, unit="ms", aim=at_most(5, of="ours")),
        Figure(what="top ten among 1 M, p50", ours=top, unit="ms", aim=at_most(1, of="ours")),
    ]
