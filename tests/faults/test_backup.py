"""Copy and restore while real processes write and are killed at any moment: a copy is whole or does not exist."""

import asyncio
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from models import copies
from models.communities import communities
from models.engines import open_store
from models.migrate import migrate
from models.packing import PART, CopyRefused
from models.store import Store
from tests.bot.recorder import NOON

ROOT = Path(__file__).parents[2]
ROUNDS = 6


@dataclass(slots=True)
class Ended:
    code: int | None
    out: str


@dataclass(slots=True)
class Worker:
    """A process that writes without a pause, and all that it acknowledged."""

    process: Process
    said: list[str] = field(default_factory=list)

    async def listen(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            self.said.append(line.decode().strip())

    async def says(self, count: int) -> None:
        async with asyncio.timeout(40):
            while len(self.said) < count:
                await asyncio.sleep(0.01)

    @property
    def events(self) -> set[str]:
        return {line.split()[1] for line in self.said if line.startswith("event")}


@asynccontextmanager
async def working(url: str, round_: int = 1) -> AsyncIterator[Worker]:
    command = [sys.executable, "-m", "tests.faults.worker", url, str(round_)]
    worker = Worker(await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE))
    listening = asyncio.create_task(worker.listen())
    try:
        await worker.says(20)
        yield worker
    finally:
        if worker.process.returncode is None:
            worker.process.kill()
        await worker.process.wait()
        await listening


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, postgres_url: Callable[[], str], tmp_path: Path) -> str:
    address = postgres_url() if request.param == "postgres" else f"sqlite:///{tmp_path}/hearth.db"
    store = await open_store(address)
    await migrate(store)
    await store.close()
    return address


@dataclass(frozen=True, slots=True)
class Hearth:
    """The command line, on one database."""

    folder: Path
    tools: Path

    async def __call__(self, url: str, *words: str | Path) -> Ended:
        process = await self.start(url, *words)
        async with asyncio.timeout(60):
            out, _ = await process.communicate()
        assert b"Traceback" not in out
        return Ended(process.returncode, out.decode())

    async def start(self, url: str, *words: str | Path) -> Process:
        path = f"{self.tools}{os.pathsep}{os.environ['PATH']}"
        here = {**os.environ, "PYTHONPATH": str(ROOT), "HEARTH_STORE__URL": url, "PATH": path}
        command = [sys.executable, "-m", "bot", *map(str, words)]
        return await asyncio.create_subprocess_exec(
            *command, cwd=self.folder, env=here, stdout=PIPE, stderr=subprocess.STDOUT
        )


@pytest.fixture
def hearth(tmp_path: Path, postgres_tools: Path) -> Hearth:
    return Hearth(tmp_path, postgres_tools)


async def causes(url: str) -> set[str]:
    store = await open_store(url)
    async with store.read() as tx:
        rows = await tx.all("SELECT cause FROM activity")
    await store.close()
    return {row["cause"] for row in rows}


async def test_copied_under_load_and_put_back(url: str, hearth: Hearth, tmp_path: Path) -> None:
    """All that was acknowledged before is in the copy, and the writer goes on meanwhile.

    While it runs nothing is restored; after it is killed everything is, and the next process goes on from there.
    """
    file = tmp_path / "copy.gz"
    async with working(url) as worker:
        before, heard = worker.events, len(worker.said)
        copied = await hearth(url, "backup", "--to", file)
        meanwhile = len(worker.said) - heard
        refused = await hearth(url, "restore", file)
        await worker.says(len(worker.said) + 20)
    assert (copied.code, "add up" in copied.out) == (0, True), copied.out
    assert meanwhile > 10
    assert refused.code == 1
    assert "is in use" in refused.out

    # Sometimes a server keeps the connection of a killed process longer than the command waits for it.
    for _ in range(8):
        restored = await hearth(url, "restore", file)
        if "is in use" not in restored.out and "is locked" not in restored.out:
            break

    assert restored.code == 0, restored.out
    assert "what was there before is kept as" in restored.out
    found = await causes(url)
    assert before
    assert before <= found
    async with working(url, 2) as worker:
        await worker.says(40)
        after = worker.events
    assert after <= await causes(url)


async def test_a_killed_copy_is_none(url: str, hearth: Hearth, tmp_path: Path) -> None:
    """Killed at any moment, it leaves a whole copy under its name or none; half of one has a hidden name."""
    await grow(url)
    dice = random.Random(os.urandom(8))
    folder = tmp_path / "copies"
    whole = 0
    for round_ in range(ROUNDS):
        process = await hearth.start(url, "backup", "--to", folder / f"{round_}.gz")
        async with asyncio.timeout(30):
            while not folder.exists() or not list(folder.glob(f".{round_}.gz.*")):
                assert process.returncode is None
                await asyncio.sleep(0.001)
        await asyncio.sleep(dice.random() * 0.6)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
    elsewhere = f"sqlite:///{tmp_path}/elsewhere.db"
    for file in folder.glob("*.gz"):
        whole += 1
        if copies.dialect(url) == "sqlite":
            assert (await copies.restore(elsewhere, file, [], NOON + whole)).books.sound
        else:
            with pytest.raises(CopyRefused, match="was made of a postgres database"):
                await copies.restore(elsewhere, file, [], NOON + whole)
    assert whole < ROUNDS, "none was killed in time"
    assert [each for each in folder.iterdir() if each.name.endswith(PART)]


async def grow(url: str) -> None:
    """Make it large enough for a copy to take a while."""
    store = await open_store(url)
    async with store.write() as tx:
        for number in range(30):
            await tx.run(
                "INSERT INTO remembered (key, value, at) VALUES (:key, :value, 0)",
                key=f"big {number}",
                value="".join(random.Random(number).choices("0123456789abcdef", k=400_000)),
            )
    await store.close()


async def test_killed_while_it_is_put_back(url: str, hearth: Hearth, tmp_path: Path) -> None:
    """There is the old database or the new one, never none and never half of one."""
    await grow(url)
    file = tmp_path / "copy.gz"
    assert (await hearth(url, "backup", "--to", file)).code == 0
    dice = random.Random(os.urandom(8))
    for _ in range(ROUNDS):
        process = await hearth.start(url, "restore", file)
        await asyncio.sleep(0.5 + dice.random() * 3)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        assert await count(url) == 30


async def count(url: str) -> int:
    store: Store = await open_store(url)
    async with store.read() as tx:
        row = await tx.one("SELECT COUNT(*) AS found FROM remembered WHERE key LIKE 'big %'")
        assert await communities(tx) == []
    await store.close()
    assert row
    return int(row["found"])


async def test_a_damaged_page_is_told_and_a_copy_mends_it(hearth: Hearth, tmp_path: Path) -> None:
    """`check` reads every page; `backup` refuses such a database, and `restore` brings the earlier copy back."""
    url, file = f"sqlite:///{tmp_path}/hearth.db", tmp_path / "hearth.db"
    store = await open_store(url)
    await migrate(store)
    await store.close()
    await grow(url)
    assert (await hearth(url, "backup", "--to", "copy.gz")).code == 0
    assert "ok   pages: undamaged" in (await hearth(url, "check")).out
    with file.open("r+b") as pages:
        pages.seek(file.stat().st_size // 2 // 4096 * 4096)
        pages.write(os.urandom(4096))

    told = await hearth(url, "check")
    copied = await hearth(url, "backup", "--to", "damaged.gz")

    assert told.code == 1
    assert "FIX  pages: " in told.out
    assert (copied.code, "is damaged" in copied.out) == (1, True)
    assert not (tmp_path / "damaged.gz").exists()
    assert (await hearth(url, "restore", "copy.gz")).code == 0
    assert "ok   pages: undamaged" in (await hearth(url, "check")).out


async def test_no_room_for_a_copy(hearth: Hearth, tmp_path: Path) -> None:
    """If a file may not become so large, the message names the file; the database is not blamed."""
    url = f"sqlite:///{tmp_path}/hearth.db"
    store = await open_store(url)
    await migrate(store)
    await store.close()
    await grow(url)
    assert (await hearth(url, "backup", "--to", "copy.gz")).code == 0
    here = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, here[1]))
    try:
        copied = await hearth(url, "backup", "--to", "none.gz")
        restored = await hearth(f"sqlite:///{tmp_path}/other.db", "restore", "copy.gz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, here)

    assert (copied.code, copied.out) == (1, "none.gz cannot be written: disk I/O error.\n")
    assert (restored.code, restored.out) == (1, f"{tmp_path}/other.db: File too large.\n")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.gz", "hearth.db"]
    assert (await hearth(url, "restore", "copy.gz")).code == 0


async def test_a_file_that_is_no_database_any_more(hearth: Hearth, tmp_path: Path) -> None:
    """Even a file that cannot be opened is kept, and the copy takes its place."""
    url, file = f"sqlite:///{tmp_path}/hearth.db", tmp_path / "hearth.db"
    store = await open_store(url)
    await migrate(store)
    await store.close()
    assert (await hearth(url, "backup", "--to", "copy.gz")).code == 0
    file.write_bytes(b"this is a diary, not a database" * 100)

    restored = await hearth(url, "restore", "copy.gz")

    assert restored.code == 0, restored.out
    (kept,) = tmp_path.glob("hearth.db.replaced-*")
    assert kept.read_bytes().startswith(b"this is a diary")
    db = sqlite3.connect(file)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
