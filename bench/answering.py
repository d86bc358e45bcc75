"""Measures how long a command takes, with nothing else to do and while activity is absorbed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from statistics import quantiles
from time import perf_counter

from bench.crowd import NOON, Crowd
from bench.frame import Figure, Scale, at_most, bench
from bench.houses import core_on, filled
from bot.core.core import Core
from bot.kit.events import Event
from bot.kit.invocation import Invocation

MEMBERS = 1_000
ARRIVING = 2_000
#: seconds between two groups of events; each event is a call of its own, as the gateway brings them
TICK = 0.005
#: seconds between an answer and the next command
PAUSE = 0.003
COMMANDS = {"/language": {"language": "en"}, "/ping": {}}

_causes = count()


async def ask(core: Core, crowd: Crowd, command: str, times: int) -> tuple[float, float]:
    """The median and the 99th percentile, in milliseconds."""
    took = []
    for number in range(times):
        invocation = Invocation(
            command=command.removeprefix("/"),
            options=COMMANDS[command],
            author=crowd.person(number % MEMBERS),
            spot=crowd.spot(0),
            cause=f"discord:interaction:{next(_causes)}",
            at=NOON,
        )
        began = perf_counter()
        await core.invoke(invocation)
        took.append((perf_counter() - began) * 1000)
        await asyncio.sleep(PAUSE)
    percentiles = quantiles(took, n=100)
    return percentiles[49], percentiles[98]


@asynccontextmanager
async def activity(core: Core, crowd: Crowd) -> AsyncIterator[list[int]]:
    """Absorb so many events a second while the block runs; the list grows with each absorbed event."""
    absorbed: list[int] = []

    async def one(event: Event) -> None:
        absorbed.append((await core.absorb([event])).fresh)

    async def arrive() -> None:
        began, sent = perf_counter(), 0
        while True:
            due = round((perf_counter() - began) * ARRIVING) - sent
            for event in crowd.messages(due):
                under_way.add(task := asyncio.create_task(one(event)))
                task.add_done_callback(under_way.discard)
            sent += due
            await asyncio.sleep(TICK)

    under_way: set[asyncio.Task[None]] = set()
    arriving = asyncio.create_task(arrive())
    try:
        yield absorbed
    finally:
        arriving.cancel()
        await asyncio.gather(*under_way)


@bench("commands", runs=5)
async def commands(scale: Scale) -> list[Figure]:
    crowd = Crowd(MEMBERS)
    times = scale.of(400, 20)
    figures = []
    async with core_on(f"sqlite:///{await filled(MEMBERS)}") as core:
        for command in COMMANDS:
            await ask(core, crowd, command, 20)
            idle_median, idle_slowest = await ask(core, crowd, command, times)
            began = perf_counter()
            async with activity(core, crowd) as absorbed:
                median, slowest = await ask(core, crowd, command, times)
            rate = len(absorbed) / (perf_counter() - began)
            against = f"idle ({rate:,.0f} events/s arrived)"
            figures += [
                Figure(what=f"{command}, p50 under load", ours=median, unit="ms", beside=idle_median, against="idle"),
                Figure(
                    what=f"{command}, p99 under load",
                    ours=slowest,
                    unit="ms",
                    beside=idle_slowest,
                    against=against,
                    aim=at_most(1.5),
                ),
            ]
    return figures
