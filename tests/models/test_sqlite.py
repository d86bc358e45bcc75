"""Faults that only a database file can have."""

import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from models import activity, communities, members, promises, remembered, stays
from models.activity import Fact
from models.engines import open_store
from models.migrate import migrate
from models.sqlite import LOG_BYTES, open_sqlite
from models.store import StoreBroken, StoreBusy
from tests.models.conftest import NOW

#: Nothing is read-only to root, so there the program becomes another user first.
OPEN_AS_NOBODY = """
import asyncio, os, sys
from models.sqlite import open_sqlite
if os.geteuid() == 0:
    os.setuid(65534)
asyncio.run(open_sqlite(sys.argv[1]))
"""


async def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """Its temporary files too, while it is written; and an existing file keeps its permissions."""
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db")
    await migrate(store)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) > 1
    await store.close()
    (tmp_path / "hearth.db").chmod(0o640)
    await (await open_store(f"sqlite:///{tmp_path}/hearth.db")).close()

    assert (tmp_path / "hearth.db").stat().st_mode & 0o777 == 0o640


async def test_its_folder_is_made(tmp_path: Path) -> None:
    """A path whose folders do not exist yet works."""
    store = await open_store(f"sqlite:///{tmp_path}/a/b/c.db")
    await store.close()

    assert (tmp_path / "a/b/c.db").exists()


async def test_a_relative_path_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes begin a path relative to where the program runs."""
    monkeypatch.chdir(tmp_path)
    store = await open_store("sqlite:///data/hearth.db")
    await store.close()

    assert (tmp_path / "data/hearth.db").exists()


async def test_the_pragmas_hold(tmp_path: Path) -> None:
    """Every commit is on the disk before it is acknowledged, in a write-ahead log."""
    store = await open_sqlite(f"sqlite:///{tmp_path}/a.db")
    async with store.write() as tx:
        log = await tx.one("PRAGMA journal_mode")
        disk = await tx.one("PRAGMA synchronous")
        keys = await tx.one("PRAGMA foreign_keys")
    await store.close()

    assert log
    assert disk
    assert keys
    assert (log["journal_mode"], disk["synchronous"], keys["foreign_keys"]) == ("wal", 2, 1)


async def test_no_update_is_lost(tmp_path: Path) -> None:
    """Fifty tasks that read, wait and write through two connections add up to fifty."""
    stores = [await open_store(f"sqlite:///{tmp_path}/a.db") for _ in range(2)]
    await migrate(stores[0])

    async def add_one(number: int) -> None:
        async with stores[number % 2].write() as tx:
            value = int(await remembered.recall(tx, "sum") or 0)
            await asyncio.sleep(0)
            await remembered.remember(tx, "sum", str(value + 1), NOW)

    await asyncio.gather(*(add_one(number) for number in range(50)))

    async with stores[0].read() as tx:
        assert await remembered.recall(tx, "sum") == "50"
    for store in stores:
        await store.close()


async def test_what_is_no_database_is_said_so(tmp_path: Path) -> None:
    """Another kind of file is refused with a sentence."""
    (tmp_path / "a.db").write_bytes(b"Dear diary, " * 1000)

    with pytest.raises(StoreBroken, match=r"a\.db is not a database\.$"):
        await open_store(f"sqlite:///{tmp_path}/a.db")


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """A path that is a folder is refused with a sentence."""
    with pytest.raises(StoreBroken, match="cannot be opened"):
        await open_store(f"sqlite:///{tmp_path}")


async def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    """A file in the place of the folder is refused with a sentence."""
    (tmp_path / "a").write_text("a file")

    with pytest.raises(StoreBroken, match="cannot be made"):
        await open_store(f"sqlite:///{tmp_path}/a/b.db")


async def test_damage_is_said_so(tmp_path: Path) -> None:
    """Pages overwritten in the middle are found when the file is opened."""
    url = f"sqlite:///{tmp_path}/a.db"
    store = await open_store(url)
    await migrate(store)
    await store.close()
    with (tmp_path / "a.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 200_000)

    with pytest.raises(StoreBroken, match="is damaged; restore a backup"):
        await open_store(url)


def test_a_read_only_file_is_said_so() -> None:
    """A file that we may not write is refused when it is opened, not at the first event."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        path.touch()
        path.chmod(0o444)
        path.parent.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", OPEN_AS_NOBODY, f"sqlite:///{path}"], capture_output=True, text=True, check=False
        )

    assert done.stderr.strip().endswith("a.db is read-only.")


async def test_a_full_disk_is_busy_and_nothing_is_committed_by_halves(tmp_path: Path) -> None:
    """When the disk is full, the whole block is undone."""
    store = await open_sqlite(f"sqlite:///{tmp_path}/a.db")
    await migrate(store)
    await store._writer.hop(lambda db: db.execute("PRAGMA max_page_count = 60"))

    with pytest.raises(StoreBusy):  # noqa: PT012 - the block is the transaction
        async with store.write() as tx:
            await remembered.remember(tx, "first", "value", NOW)
            await remembered.remember(tx, "big", "x" * 1_000_000, NOW)

    async with store.write() as tx:
        assert await remembered.recall(tx, "first") is None
    await store.close()


async def test_a_block_cannot_outlive_its_transaction(tmp_path: Path) -> None:
    """When the engine itself ended the transaction, a block that goes on commits nothing."""
    store = await open_sqlite(f"sqlite:///{tmp_path}/a.db")
    await migrate(store)

    with pytest.raises(StoreBusy, match="gave up"):  # noqa: PT012 - the block is the transaction
        async with store.write() as tx:
            with pytest.raises(sqlite3.IntegrityError):
                await tx.run("INSERT OR ROLLBACK INTO remembered (key, value, at) VALUES ('', '', 0)")
            await remembered.remember(tx, "after", "value", NOW)

    async with store.read() as tx:
        assert await remembered.recall(tx, "after") is None
    await store.close()


async def test_the_log_is_swept_beside_the_writer(tmp_path: Path) -> None:
    """A log that grew too long is processed to its end and restarted, although somebody was writing meanwhile."""
    store = await open_sqlite(f"sqlite:///{tmp_path}/a.db")
    await migrate(store)
    log = tmp_path / "a.db-wal"

    async def write(key: str, length: int) -> None:
        async with store.write() as tx:
            await remembered.remember(tx, key, "x" * length, NOW)
            await asyncio.sleep(0.1)

    await write("long", LOG_BYTES + 1)
    assert log.stat().st_size > LOG_BYTES
    await write("meanwhile", 1000)
    assert store._sweeping
    await store._sweeping
    await write("afterwards", 1000)

    assert log.stat().st_size == LOG_BYTES
    await store.close()
    assert not log.exists()


async def test_no_question_is_answered_by_walking_through_a_community(tmp_path: Path) -> None:
    """Frequent queries use the whole of their key, never the community alone."""
    store = await open_sqlite(f"sqlite:///{tmp_path}/a.db")
    await migrate(store)
    asked: list[str] = []
    await store._writer.set_trace_callback(asked.append)
    fact = Fact(community_id=1, cause="c", at=NOW, day=1, kind="message", member_id=1)
    async with store.write() as tx:
        await members.find_accounts(tx, 1, [("discord", "1")])
        await members.accounts_of(tx, 1, 1)
        await members.by_username(tx, 1, "discord", "ann")
        await members.communities_of(tx, "discord", "1")
        await members.set_reachable(tx, "discord", "1", reachable=True)
        await stays.mark_left(tx, [(1, 1, NOW)])
        await communities.find_places(tx, [("discord", "1")])
        await activity.record(tx, [fact])
        await activity.retract(tx, 1, ["c"], NOW)
        await activity.facts(tx, 1, ["c"])
        await activity.count(tx, [(1, 1, 1, "message", 1), (1, 1, 1, "voice", -1)])
        await activity.prune(tx, 1, 1, 10)
        await activity.prove_counts(tx, 1, 1, ["message"], ["reply"])
        await promises.claim(tx, ["discord"], "us", NOW, NOW, 10)
        await promises.next_due(tx, ["discord"])
        await promises.lag(tx, NOW)
        await promises.keep(tx, [(1, 1, "kept", None)], NOW)
    await store._writer.set_trace_callback(None)  # type: ignore[arg-type]

    async with store.write() as tx:
        plans = [row["detail"] for sql in asked[1:-1] for row in await tx.all(f"EXPLAIN QUERY PLAN {sql}")]
    await store.close()

    assert len(plans) > 30
    assert [plan for plan in plans if plan.endswith("(community_id=?)")] == []
    walks = {plan for plan in plans if plan.startswith("SCAN ")}
    assert walks <= {
        "SCAN given",
        "SCAN wanted",
        "SCAN sides",
        "SCAN first",
        "SCAN CONSTANT ROW",
        "SCAN free USING INDEX promise_due",
    }
