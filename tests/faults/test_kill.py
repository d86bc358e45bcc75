"""The real process, killed at any moment while members act on both platforms: every word is stored, and once."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from models import migrate
from models.engines import open_store
from models.store import Store
from tests.faults.crowd import Crowd
from tests.faults.process import HERE, Running, configured, hearth
from tests.models.test_migrate import shape
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer
from tests.soak import rounds

#: seconds: a promise in the air at a kill waits for its lease, and Telegram takes one private message a second
RECOVERY = 150


@pytest.fixture
async def crowd() -> AsyncIterator[Crowd]:
    async with DiscordServer(strict=False) as discord, TelegramServer() as telegram:
        yield Crowd(discord, telegram)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(engine: str, tmp_path: Path, postgres_url: Callable[[], str]) -> str:
    return f"sqlite:///{tmp_path}/hearth.db" if engine == "sqlite" else postgres_url()


@pytest.fixture
def empty(engine: str, tmp_path: Path, postgres_url: Callable[[], str]) -> str:
    return f"sqlite:///{tmp_path}/empty.db" if engine == "sqlite" else postgres_url()


async def kill(running: Running) -> None:
    assert running.process.returncode is None, running.said[-4000:]
    running.process.kill()
    await running.process.wait()


async def until_taken(crowd: Crowd, store: Store, seconds: float) -> None:
    """Wait until everything said is in the store and everything owed is done."""
    deadline = time.monotonic() + seconds
    while True:
        async with store.read() as tx:
            missing = await crowd.missing(tx)
            owed = await crowd.owed(tx)
        if not missing and not owed and not crowd.telegram.pending:
            return
        assert time.monotonic() < deadline, (
            f"{len(missing)} missing, {len(owed)} owed: {sorted(missing)[:3]} {owed[:3]}"
        )
        await asyncio.sleep(0.2)


@pytest.mark.timeout(3600)
async def test_killed_at_any_moment(crowd: Crowd, url: str, tmp_path: Path) -> None:
    """No member's word is lost, no command runs twice, everybody is answered, and the books prove it each time."""
    dice = random.Random(os.urandom(8))
    times = rounds(4, soak=120) if url.startswith("sqlite") else rounds(3, soak=80)
    # History reads back only so far after a long absence, which is not the question here.
    config = configured(url, crowd.discord, crowd.telegram).replace("[discord]", "[discord]\nbackfill = 100000")
    async with hearth(tmp_path, config) as running:
        await running.says("health listens")
        await crowd.discord.ready(60)
        await crowd.arrives()
        async with crowd.acting():
            await asyncio.sleep(2)
        store = await open_store(url)
        await until_taken(crowd, store, RECOVERY)
        await kill(running)

    async with crowd.acting():
        for _ in range(times):
            async with hearth(tmp_path, config) as running:
                if dice.random() < 0.8:
                    await running.says("health listens")
                await asyncio.sleep(dice.uniform(0, 1.5))
                await kill(running)
            await crowd.prove(store)

    async with hearth(tmp_path, config) as running:
        await until_taken(crowd, store, RECOVERY)
        await kill(running)
    await replayed(tmp_path)
    async with hearth(tmp_path, config) as running:
        await until_taken(crowd, store, RECOVERY)
        await crowd.at_rest()
        await kill(running)
    await crowd.prove_the_end(store)
    async with store.read() as tx:
        assert await crowd.unheard(tx) == set()
    await store.close()
    heard = crowd.replies()
    assert sum(heard.values()) - len(heard) <= times, "at most the one in the air is said twice at each kill"
    assert len(crowd.answered) > times


async def replayed(folder: Path) -> None:
    """What was set aside after three kills is retried."""
    command = [sys.executable, "-m", "bot", "replay", "--config", str(folder / "hearth.toml")]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert b"still failing 0" in said, said


async def version(store: Store) -> tuple[int, int]:
    """How many migrations are applied, and how many there are; they are applied in order, without gaps."""
    waiting = await migrate.pending(store)
    every = [each.name for each in migrate._known(store.dialect)]
    assert every[len(every) - len(waiting) :] == waiting
    return len(every) - len(waiting), len(every)


@pytest.mark.timeout(3600)
async def test_killed_while_it_migrates(crowd: Crowd, url: str, empty: str, tmp_path: Path) -> None:
    """The tables are those before a migration or after it, never between, and the next start goes on from there."""
    dice = random.Random(os.urandom(8))
    # No copy before each migration: the migrating is killed here, and the tools may be older than the server.
    config = configured(url, crowd.discord, crowd.telegram).replace("[discord]", 'backups = ""\n[discord]')
    store = await open_store(url)
    done, every = await version(store)
    aims = sorted(dice.sample(range(1, every), rounds(3, soak=20)))
    for aim in aims:
        async with hearth(tmp_path, config) as running:
            while done < aim:
                assert running.process.returncode is None, running.said
                await asyncio.sleep(dice.uniform(0, 0.01))
                done, _ = await version(store)
            await kill(running)
        before, (done, _) = done, await version(store)
        assert before <= done
    async with hearth(tmp_path, config) as running:
        await running.says("health listens")
        assert await version(store) == (every, every)
        await kill(running)

    whole = await open_store(empty)
    await migrate.migrate(whole)
    assert await shape(store) == await shape(whole)
    for each in (store, whole):
        await each.close()
