"""Killed at any moment, again and again, on one database: what was acknowledged is there, and what is owed is kept."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.activity.rules import COUNTED, RECEIVED
from bot.capability import House
from bot.clock import HandClock, SystemClock
from bot.core import Core
from bot.effects import Post
from bot.outbox import LEASE
from models import activity, dead_letters
from models.migrate import migrate
from models.store import open_store
from tests.bot.recorder import Recorder
from tests.faults.ledger import house_of_faults, words

ROOT = Path(__file__).parents[2]
ROUNDS = 20


def work_until_killed(url: str, round_: int, dice: random.Random) -> list[str]:
    """What a process acknowledged before it was killed, at a moment nobody chose."""
    command = [sys.executable, "-m", "tests.faults.worker", url, str(round_)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=dict(os.environ), text=True)
    assert process.stdout
    try:
        assert process.stdout.readline() == "ready\n"
        said = [process.stdout.readline() for _ in range(dice.randrange(1, 400))]
        assert all(said), "it ended by itself"
    finally:
        process.kill()
        process.wait()
    said += process.stdout.readlines()
    process.stdout.close()
    return [line.strip() for line in said if line.endswith("\n")]


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    """What opens the database in the end: a process of its own would, after all leases ran out."""
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db")
    await migrate(store)
    clock = HandClock(SystemClock().now() + 10 * LEASE)
    made = Core(store, House.of(house_of_faults()), clock, words())
    made.plug(Recorder())
    yield made
    await store.close()


@pytest.mark.timeout(120)
async def test_nothing_acknowledged_is_lost(core: Core, tmp_path: Path) -> None:
    """Events and commands are there once, counts are proven, and every promise is performed, at most once more each."""
    dice = random.Random(os.urandom(8))
    said: list[str] = []
    for round_ in range(ROUNDS):
        said += work_until_killed(f"sqlite:///{tmp_path}/hearth.db", round_, dice)
    acknowledged = {
        kind: [line.split()[1] for line in said if line.split()[0] == kind] for kind in ("event", "command", "put-off")
    }
    assert len(acknowledged["event"]) > ROUNDS
    assert len(acknowledged["command"]) > ROUNDS

    recorder = core.platforms["recorder"]
    assert isinstance(recorder, Recorder)
    await core.settle()

    async with core.store.read() as tx:
        facts = Counter(row["cause"] for row in await tx.all("SELECT cause FROM activity"))
        paid = {row["key"] for row in await tx.all("SELECT key FROM setting WHERE key LIKE 'paid.%'")}
        owed = await tx.all("SELECT id, outcome, attempts FROM promise")
        days = [row["day"] for row in await tx.all("SELECT DISTINCT day FROM activity")]
        (community,) = [row["id"] for row in await tx.all("SELECT id FROM community")]
        wrong = [await activity.prove_counts(tx, community, day, COUNTED, tuple(RECEIVED)) for day in days]
        dead = await dead_letters.count(tx)
        check = await tx.one("PRAGMA integrity_check")
    assert set(acknowledged["event"]) <= set(facts)
    assert {f"paid.{cause}" for cause in acknowledged["command"]} <= paid
    assert not {f"paid.{cause}" for cause in acknowledged["put-off"]} & paid
    assert {cause for cause in facts if cause.startswith("asked:")} == {key.removeprefix("paid.") for key in paid}
    assert len(owed) == len(paid)
    assert {row["outcome"] for row in owed} <= {"kept", "unknown"}
    performed = Counter(line.split()[1] for line in said if line.startswith("performed"))
    performed.update(delivery.key for delivery in recorder.done)
    assert {row["outcome"] for row in owed if not performed[str(row["id"])]} <= {"unknown"}
    assert max(performed.values()) <= 2
    assert all(isinstance(delivery.effect, Post) for delivery in recorder.done)
    assert wrong == [[] for _ in days]
    assert dead == 0
    assert check is not None
    assert check["integrity_check"] == "ok"
