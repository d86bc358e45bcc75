"""Copies of a database: whole, proven, never over another file, and restored without saying anything twice."""

import asyncio
import gzip
import os
import sqlite3
import stat
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models import communities, copies, leases, promises, remembered
from models.copies import Restored
from models.engines import open_store
from models.migrate import migrate
from models.packing import PART, CopyRefused, ToolMissing
from models.promises import Promise
from models.store import Store, StoreBroken
from tests.models.conftest import AWAY, HOME, NOW

OWED = Promise(community_id=HOME, id=1, kind="Post", body="{}", platform="discord", due_at=NOW, cause="discord:msg:1")
HEARD = ["Post", "Tell"]


@pytest.fixture(autouse=True)
def tools(postgres_tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{postgres_tools}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "copy.gz"


async def fill(store: Store) -> None:
    async with store.write() as tx:
        await communities.create_community(tx, HOME, "Home", NOW)
        await remembered.remember(tx, "odd", "back\\slash\n\ttab 你好 'quoted' :now", NOW)
        await remembered.remember(tx, "discord:commands", "as last told", NOW)
        await leases.take(tx, "bell", "another:1", NOW, NOW + 20_000)
        await promises.make(
            tx,
            [
                OWED,
                replace(OWED, id=2, kind="Remind"),
                replace(OWED, id=3, kind="GrantRole"),
                replace(OWED, id=4, due_at=NOW + 2),
            ],
        )


async def let_go(store: Store) -> None:
    async with store.write() as tx:
        await tx.run("UPDATE lease SET until = 0")
    await store.close()


async def seen(url: str, key: str) -> str | None:
    store = await open_store(url)
    async with store.read() as tx:
        found = await remembered.recall(tx, key)
    await store.close()
    return found


async def put_back(url: str, file: Path, kinds: list[str] | None = None) -> Restored:
    return await copies.restore(url, file, HEARD if kinds is None else kinds, NOW + 1)


async def test_what_was_copied_is_there_again(url: str, file: Path) -> None:
    """The copy is proven, readable only by its owner and alone in its folder; the replaced database is kept."""
    store = await open_store(url)
    await fill(store)
    books = await copies.back_up(url, file)
    async with store.write() as tx:
        await remembered.remember(tx, "odd", "later", NOW)
    await let_go(store)

    restored = await put_back(url, file)

    assert (books.faults, restored.books) == ({HOME: []}, books)
    assert list(file.parent.iterdir()) == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert await seen(url, "odd") == "back\\slash\n\ttab 你好 'quoted' :now"
    assert restored.kept
    if url.startswith("sqlite"):
        assert await seen(f"sqlite:///{restored.kept}", "odd") == "later"
    else:
        store = await open_store(url)
        async with store.read() as tx:
            schema = restored.kept.removeprefix("the schema ")
            rows = await tx.all(f"SELECT value FROM {schema}.remembered WHERE key = 'odd'")
        async with store.write() as tx:
            await tx.run(f"DROP SCHEMA {schema} CASCADE")
        await store.close()
        assert [row["value"] for row in rows] == ["later"]


@pytest.mark.parametrize(("kinds", "void"), [(HEARD, [1]), ([], [])])
async def test_nothing_old_is_said_again(
    url: str, file: Path, kinds: list[str], void: list[int], postgres_url: Callable[[], str], tmp_path: Path
) -> None:
    """Due messages become void unless the operator wants them; timers, roles and future promises go on."""
    store = await open_store(url)
    await fill(store)
    await copies.back_up(url, file)
    await let_go(store)
    empty = postgres_url() if store.dialect == "postgres" else f"sqlite:///{tmp_path}/elsewhere.db"

    restored = await put_back(empty, file, kinds)

    store = await open_store(empty)
    async with store.read() as tx:
        rows = await tx.all("SELECT id, outcome, error FROM promise WHERE kept_at IS NOT NULL")
        owed = await tx.all("SELECT id FROM promise WHERE kept_at IS NULL ORDER BY id")
        told = await remembered.recall(tx, "discord:commands")
        lease = await leases.look(tx, "bell")
    await store.close()
    assert (restored.kept, restored.void) == (None, len(void))
    assert [(row["id"], row["outcome"], row["error"]) for row in rows] == [(id, "void", "restored") for id in void]  # noqa: A001 - as in the record
    assert [row["id"] for row in owed] == [each for each in (1, 2, 3, 4) if each not in void]
    assert told is None, "the platforms may have been told of other commands since"
    assert lease
    assert lease.until == 0


async def test_no_file_is_overwritten(url: str, store: Store, file: Path) -> None:
    """Neither by a copy, nor by half of one."""
    assert store
    file.parent.mkdir()
    file.write_text("a diary", encoding="utf-8")

    with pytest.raises(CopyRefused, match="exists already"):
        await copies.back_up(url, file)

    assert file.read_text(encoding="utf-8") == "a diary"
    assert list(file.parent.iterdir()) == [file]


def cut(packed: bytes) -> bytes:
    return packed[: len(packed) // 2]


def bent(packed: bytes) -> bytes:
    """Change one bit that matters, since a few bits are only padding."""
    plain, middle = gzip.decompress(packed), len(packed) // 2
    for at in range(middle, len(packed)):
        changed = packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :]
        try:
            if gzip.decompress(changed) == plain:
                continue
        except (EOFError, OSError, zlib.error):
            pass
        return changed
    raise AssertionError("nothing says anything")


def bare(packed: bytes) -> bytes:
    return gzip.decompress(packed)


def half(packed: bytes) -> bytes:
    """Packed correctly, but from an incomplete database."""
    plain = gzip.decompress(packed)
    return gzip.compress(plain[: len(plain) // 2])


def other(_: bytes) -> bytes:
    return gzip.compress(b"Dear diary")


@pytest.mark.parametrize("harm", [cut, bent, bare, half, other])
async def test_what_is_no_whole_copy_is_refused(url: str, file: Path, harm: Callable[[bytes], bytes]) -> None:
    """A copy that is cut off, changed by a bit, or something else: then nothing is touched."""
    store = await open_store(url)
    await fill(store)
    await copies.back_up(url, file)
    await let_go(store)
    file.write_bytes(harm(file.read_bytes()))

    with pytest.raises((CopyRefused, StoreBroken)):
        await put_back(url, file)

    assert await seen(url, "discord:commands") == "as last told"


async def test_a_newer_schema_is_refused(url: str, file: Path) -> None:
    """A copy made by a later version needs that version."""
    store = await open_store(url)
    await migrate(store)
    async with store.write() as tx:
        await tx.run("INSERT INTO schema_version (number, name, applied_at) VALUES (9999, '9999_future', 0)")
    if store.dialect == "sqlite":
        await store.close()
        file.parent.mkdir()
        file.write_bytes(gzip.compress(Path(url.removeprefix("sqlite:///")).read_bytes()))
    else:
        with pytest.raises(StoreBroken, match="newer Hearth"):
            await copies.back_up(url, file)
        async with store.write() as tx:
            await tx.run("DELETE FROM schema_version WHERE number = 9999")
        await copies.back_up(url, file)
        await store.close()
        plain = gzip.decompress(file.read_bytes())
        at = plain.index(b"\\.\n", plain.index(b"COPY public.schema_version"))
        file.write_bytes(gzip.compress(plain[:at] + b"9999\t9999_future\t0\n" + plain[at:]))

    with pytest.raises(StoreBroken, match=r"newer Hearth \(9999_future\)"):
        await put_back(url, file)


async def test_books_that_do_not_add_up_are_told(url: str, file: Path) -> None:
    """A copy of wrong books is better than none, and is reported as such."""
    store = await open_store(url)
    async with store.write() as tx:
        await communities.create_community(tx, AWAY, "Away", NOW)
        await tx.run(
            """
            INSERT INTO board_step (community_id, step, members) VALUES (:community_id, 1, 7)
            """,
            community_id=AWAY,
        )

    books = await copies.back_up(url, file)
    await store.close()

    assert not books.sound
    assert "do not add up" in books.word


async def test_a_copy_made_while_others_write_is_of_one_moment(url: str, file: Path) -> None:
    """Two rows that are always written together are equal in it, and the writer never waits long."""
    store = await open_store(url)
    await fill(store)
    done = asyncio.Event()

    async def write() -> int:
        number = 0
        while not done.is_set():
            number += 1
            async with store.write() as tx:
                await remembered.remember(tx, "one", str(number), NOW)
                await remembered.remember(tx, "other", str(number), NOW)
        return number

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.1)
    await copies.back_up(url, file)
    done.set()
    written = await writing
    await let_go(store)
    await put_back(url, file)

    one, another = await seen(url, "one"), await seen(url, "other")
    assert one == another
    assert one
    assert 0 < int(one) <= written


async def test_a_log_beside_the_file_is_refused(tmp_path: Path, file: Path) -> None:
    """It would mix with the restored file; it may belong to a running program or to a database that is gone."""
    url = f"sqlite:///{tmp_path}/hearth.db"
    store = await open_store(url)
    await migrate(store)
    await copies.back_up(url, file)
    with pytest.raises(CopyRefused, match=r"hearth\.db-wal lies beside"):
        await put_back(url, file)
    await store.close()

    (tmp_path / "hearth.db-journal").touch()
    with pytest.raises(CopyRefused, match=r"hearth\.db-journal lies beside"):
        await put_back(url, file)


async def test_a_link_is_followed(tmp_path: Path, file: Path) -> None:
    """The restored file replaces the file and not the link; the log is looked for beside the file."""
    far, link = tmp_path / "far" / "hearth.db", tmp_path / "hearth.db"
    far.parent.mkdir()
    link.symlink_to(far)
    url = f"sqlite:///{link}"
    store = await open_store(url)
    await migrate(store)
    await fill(store)
    await copies.back_up(url, file)
    with pytest.raises(CopyRefused, match=r"far/hearth\.db-wal lies beside"):
        await put_back(url, file)
    await let_go(store)

    restored = await put_back(url, file)

    assert link.readlink() == far
    assert restored.kept
    assert Path(restored.kept).parent == far.parent
    assert await seen(f"sqlite:///{far}", "discord:commands") is None


async def test_what_others_left_is_theirs(url: str, store: Store, file: Path) -> None:
    """Only parts of our own killed copy are removed, after a day; other hidden files stay."""
    assert store
    file.parent.mkdir()
    ours = [f".hearth.gz.7{PART}", f".copy.gz.pages.12{PART}-journal"]
    others = [".film.part", ".film.part1", ".photo.7.part", f".notes{PART}", f".a.7{PART}.txt", f"a.7{PART}"]
    for name in (*ours, *others):
        (file.parent / name).touch()
        os.utime(file.parent / name, (0, 0))

    await copies.back_up(url, file)

    assert sorted(each.name for each in file.parent.iterdir()) == sorted([*others, file.name])


async def test_no_file_is_named(url: str, store: Store) -> None:
    """A folder, or nothing at all, is no name for a copy."""
    assert store
    for name in ("", "/", ".."):
        with pytest.raises(CopyRefused, match="is a folder"):
            await copies.back_up(url, Path(name))


async def test_a_damaged_page_is_found_and_not_copied(tmp_path: Path, file: Path) -> None:
    """If one page of a table is overwritten on the disk, no copy of it is accepted."""
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db")
    await migrate(store)
    async with store.write() as tx:
        for number in range(200):
            await remembered.remember(tx, f"key {number}", "x" * 200, NOW)
    await store.close()
    damage(tmp_path / "hearth.db", "remembered")

    with pytest.raises(StoreBroken, match="is damaged"):
        await copies.back_up(f"sqlite:///{tmp_path}/hearth.db", file)

    assert list(file.parent.iterdir()) == []


def damage(path: Path, table: str) -> None:
    """Overwrite a page that has rows of it."""
    db = sqlite3.connect(path)
    (size,) = db.execute("PRAGMA page_size").fetchone()
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    db.close()
    with path.open("r+b") as pages:
        pages.seek((root - 1) * size)
        pages.write(b"\xff" * 100)


async def test_without_the_servers_programs(
    postgres_shared: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence says which is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolMissing, match="pg_dump is not installed here"):
        await copies.back_up(postgres_shared, file)
    with pytest.raises(ToolMissing, match="psql is not installed here"):
        await put_back(postgres_shared, file)


async def test_a_password_is_on_no_command_line(
    postgres_shared: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program reads it from its environment, and its complaints are repeated without it."""
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" "$PGPASSWORD" > {tmp_path}/given\necho "no such luck" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    url = postgres_shared.replace("postgres:@", "postgres:s%40crit@")
    assert url != postgres_shared

    with pytest.raises(CopyRefused) as refused:
        await copies.back_up(url, file)

    *words, password = (tmp_path / "given").read_text().split()
    assert password == "s@crit"
    assert not [word for word in words if "crit" in word]
    assert "no such luck" in str(refused.value)
    assert "crit" not in str(refused.value)
    assert list(file.parent.iterdir()) == []
