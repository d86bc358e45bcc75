"""One process for a store: the second learns who is first, the dead leave it at once, the robbed are fenced."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.core import incarnation
from bot.core.clock import HandClock
from bot.host import lease as holding
from bot.host.lease import AHEAD, LENGTH, AlreadyHeld, Holding
from models import leases, remembered
from models.engines import open_store
from models.leases import Lease
from models.migrate import migrate
from models.store import Fenced, Store
from tests.bot.recorder import NOON, SECOND

ROOT = Path(__file__).parents[2]
#: takes the named store, says so, and waits to be killed
HOLDER = """
import asyncio, os, socket, sys
from bot.core.clock import SystemClock
from bot.host.lease import AlreadyHeld, Holding
from models.engines import open_store

async def main():
    store = await open_store(sys.argv[1])
    try:
        await Holding(store, SystemClock(), f"{socket.gethostname()}:{os.getpid()}").take()
    except AlreadyHeld as error:
        print(error, flush=True)
    else:
        print("held", flush=True)
        await asyncio.sleep(60)
    await store.close()

asyncio.run(main())
"""


@contextmanager
def holder(url: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def url(store: Store) -> str:
    return store.url


@pytest.fixture
async def other(url: str, store: Store) -> AsyncIterator[Store]:
    """The same file, opened as by another process."""
    assert store
    opened = await open_store(url)
    yield opened
    await opened.close()


async def lease(store: Store, name: str = holding.STORE) -> Lease:
    async with store.read() as tx:
        found = await leases.look(tx, name)
    assert found
    return found


async def write(store: Store) -> None:
    async with store.write() as tx:
        await remembered.remember(tx, "key", "value", NOON)


async def test_a_second_process_is_refused(url: str, store: Store) -> None:
    """It is told which process serves the store already; when that one is killed, it need not wait."""
    assert store
    with holder(url) as (first, word):
        assert word == "held"
        with holder(url) as (_, refusal):
            assert f"is in use by {socket.gethostname()}:{first.pid}" in refusal
            assert "Stop it first" in refusal
        first.kill()
        first.wait()
        with holder(url) as (_, word_after):
            assert word_after == "held"


async def test_a_dead_process_that_nobody_buried_holds_nothing(url: str, store: Store) -> None:
    """A zombie has a number and answers to signals, but it will never write again."""
    assert store
    with holder(url) as (first, word):
        assert word == "held"
        first.kill()
        while not incarnation.gone(f"{socket.gethostname()}:{first.pid}"):
            await asyncio.sleep(0.01)
        os.kill(first.pid, 0)

        with holder(url) as (_, after):
            assert after == "held"


def test_a_number_given_out_again_is_another_process() -> None:
    """Their start times tell them apart; of another machine's processes nothing is known."""
    host, parent = socket.gethostname(), os.getppid()

    assert not incarnation.gone(incarnation.me())
    assert not incarnation.gone(f"{host}:{parent}")
    assert incarnation.gone(f"{host}:{parent}:1")
    assert incarnation.gone(f"{host}:{os.getpid()}:1")
    assert not incarnation.gone("elsewhere:1:1")
    assert not incarnation.gone("nobody")


async def test_a_holder_on_another_machine_is_waited_for(store: Store, other: Store) -> None:
    """Nobody can see whether a process elsewhere is alive, so its lease holds to its end."""
    clock = HandClock(NOON)
    await Holding(store, clock, "elsewhere:1").take()
    ours = Holding(other, clock, f"{socket.gethostname()}:{os.getpid()}")
    with pytest.raises(AlreadyHeld, match="elsewhere:1"):
        await ours.take()
    clock.move(NOON + LENGTH - 1)
    with pytest.raises(AlreadyHeld):
        await ours.take()

    clock.move(NOON + LENGTH)
    await ours.take()

    assert (await lease(other)).holder == f"{socket.gethostname()}:{os.getpid()}"


async def test_a_lease_of_a_clock_that_was_ahead_is_none(store: Store, other: Store) -> None:
    """No lease holds for years, so nobody waits for years; what may be the other machine's clock is respected."""
    ahead = HandClock(NOON + AHEAD)
    await Holding(store, ahead, "elsewhere:1").take()
    ours = Holding(other, HandClock(NOON + LENGTH), "two:2")
    with pytest.raises(AlreadyHeld, match="elsewhere:1"):
        await ours.take()

    await Holding(other, HandClock(NOON + LENGTH - 1), "two:2").take()

    assert (await lease(other)).holder == "two:2"


async def test_who_was_robbed_is_fenced(store: Store, other: Store) -> None:
    """A process that slept through its lease can write nothing after another took it."""
    clock = HandClock(NOON)
    first, second = Holding(store, clock, "one:1"), Holding(other, clock, "two:2")
    await first.take()
    await write(store)
    clock.move(NOON + LENGTH)
    await second.take()

    with pytest.raises(Fenced):
        await write(store)
    with pytest.raises(Fenced):
        await first._renew()
    await write(other)
    async with store.read() as tx:
        assert await remembered.recall(tx, "key") == "value"


async def test_what_is_given_back_is_free(store: Store, other: Store) -> None:
    """A process that stops in order leaves the store to the next at once."""
    clock = HandClock(NOON)
    first = Holding(store, clock, "elsewhere:1")
    await first.take()
    await first.release()

    await Holding(other, clock, "elsewhere:2").take()

    assert (await lease(other)).holder == "elsewhere:2"


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[Store]:
    """Another database."""
    opened = await open_store(f"sqlite:///{tmp_path}/elsewhere.db")
    await migrate(opened)
    yield opened
    await opened.close()


async def test_at_each_beat(store: Store, other: Store, elsewhere: Store) -> None:
    """A lease is renewed while its process lives; a process that lost it ends with an error; one that waits gets it."""
    clock = HandClock(NOON)
    living, robbed = Holding(store, clock, "one:1"), Holding(elsewhere, clock, "two:2")
    first, second = Holding(store, clock, "three:3"), Holding(other, clock, "four:4")
    for each in (living, robbed):
        await each.take()
    await first.hold("bell")
    async with elsewhere.write() as tx:
        await leases.take(tx, holding.STORE, "thief:1", NOON, NOON + 10 * LENGTH, force=True)
    clock.move(NOON + SECOND)
    keeping, failing = asyncio.create_task(living.keep()), asyncio.create_task(robbed.keep())
    waiting = asyncio.create_task(second.hold("bell"))
    await asyncio.sleep(0.1)
    assert not waiting.done()

    await first.release()
    async with asyncio.timeout(2 * holding.BEAT):
        await waiting
        with pytest.raises(Fenced):
            await failing
        while (await lease(store)).until != NOON + SECOND + LENGTH:
            await asyncio.sleep(0.01)
    keeping.cancel()

    assert (await lease(store)).until == NOON + SECOND + LENGTH
    assert (await lease(store, "bell")).holder == "four:4"
