"""Measures the longest time that the loop keeps everybody else waiting while it has much to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from adapters.worker.client import Worker
from bench.crowd import NOON, Crowd
from bench.frame import Figure, Scale, at_most, bench
from bench.houses import core_on, filled, pour
from bot.core.core import Core
from bot.host.registry import NAMES
from bot.kit.invocation import Invocation
from bot.kit.replies import Image

MEMBERS = 1_000
#: seconds between two checks of the loop
TICK = 0.001
AIM = at_most(20, of="ours")


class Watch:
    """The longest time, in milliseconds, by which the loop was late."""

    longest = 0.0

    async def look(self) -> None:
        while True:
            began = perf_counter()
            await asyncio.sleep(TICK)
            self.longest = max(self.longest, (perf_counter() - began - TICK) * 1000)


@asynccontextmanager
async def watched() -> AsyncIterator[Watch]:
    watch = Watch()
    looking = asyncio.create_task(watch.look())
    try:
        yield watch
    finally:
        looking.cancel()


async def show_ranks(core: Core, crowd: Crowd, times: int) -> None:
    """Show ranks, each of another member, so that no card was drawn before; the worker starts with the first."""
    for number in range(times):
        rank = Invocation(
            command="rank",
            author=crowd.person(number),
            spot=crowd.spot(0),
            cause=f"discord:interaction:{number}",
            at=NOON,
        )
        reply = await core.invoke(rank)
        if not isinstance(reply.image, Image):
            raise TypeError("no card was drawn")


@bench("stall", runs=5)
async def stall(scale: Scale) -> list[Figure]:
    crowd = Crowd(MEMBERS)
    async with core_on(f"sqlite:///{await filled(MEMBERS)}") as core, watched() as absorbing:
        await pour(core, crowd.messages(scale.of(60_000, 4_000)))
    async with core_on(f"sqlite:///{await filled(MEMBERS)}", rooms=NAMES) as core, watched() as drawing:
        core.studio.artist = Worker()
        await show_ranks(core, crowd, scale.of(40, 2))
        await core.studio.close()
    return [
        Figure(what="longest stall while absorbing", ours=absorbing.longest, unit="ms", aim=AIM),
        Figure(what="longest stall while rank cards are drawn", ours=drawing.longest, unit="ms", aim=AIM),
    ]
