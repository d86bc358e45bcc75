"""Copies one SQLite file page by page beside its writer, proves the copy, and puts it in the place of another."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from models import copies
from models.copies import FORGETTING, Books, Restored
from models.integrity import damage
from models.packing import BESIDE, CopyRefused, Stopped, aside, flush_folder, pack_file, part_of, publish, unpack
from models.sqlite import BUSY_MS, looking_at, open_sqlite, path_of, translated

#: 4 MiB at a time, and a pause after each, in which the writer has the disk to itself
PAGES = 1024
PAUSE = 0.002
#: SQLite's errors for a file that it writes, and those among them for a file that it only reads
UNWRITTEN = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
UNREAD = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}


async def back_up(url: str, file: Path) -> Books:
    path = path_of(url)
    if not copies.is_there(url):
        raise CopyRefused(f"There is no database {path} to copy.")
    with part_of(file) as part, part_of(file.with_name(f"{file.name}.pages")) as pages:
        await aside(_copy, path, pages, file)
        async with looking_at(pages) as tx:
            if faults := await damage(tx):
                raise copies.damaged(path, faults)
            books = await copies.examine(tx)
        await aside(pack_file, pages, part)
        publish(part, file)
    return books


async def restore(url: str, file: Path, kinds: str, now: int) -> Restored:
    path = path_of(url)
    _refuse_strays(path)
    with part_of(path) as part:
        await aside(unpack, file, part)
        with part.open("rb") as pages:
            copies.look_at(pages.read(64), "sqlite", file)
        books, void = await _prepare(part, file, kinds, now)
        kept = _lay(part, path, now)
    return Restored(books=books, kept=kept, void=void)


def _copy(stop: Event, path: Path, to: Path, file: Path) -> None:
    """Copy the file as it is now: the open read transaction keeps one view; without it each write restarts the copy."""
    try:
        with (
            closing(_open(f"{path.absolute().as_uri()}?mode=rw")) as source,
            closing(_open(to.absolute().as_uri())) as copy,
        ):
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            source.execute("BEGIN")
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
            with _written(file):
                source.backup(copy, pages=PAGES, progress=lambda *_: _breathe(stop))
    except sqlite3.DatabaseError as error:
        if told := translated(error, path):
            raise told from error
        raise


@contextmanager
def _written(file: Path) -> Iterator[None]:
    """Blame the copy for an error, unless the database is what cannot be read."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in UNWRITTEN and error.sqlite_errorcode not in UNREAD:
            raise CopyRefused(f"{file} cannot be written: {error}.") from None
        raise


def _open(address: str) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_MS / 1000)


def _breathe(stop: Event) -> None:
    if stop.is_set():
        raise Stopped
    time.sleep(PAUSE)


async def _prepare(part: Path, file: Path, kinds: str, now: int) -> tuple[Books, int]:
    """Check every page, and make the copy forget what is no longer true."""
    async with looking_at(part) as tx:
        if faults := await damage(tx):
            raise CopyRefused(f"{file} is damaged ({faults[0]}).")
        books = await copies.examine(tx)
    store = await open_sqlite(f"sqlite:///{part}")
    try:
        async with store.write() as tx:
            for statement in FORGETTING:
                await tx.run(statement, now=now, kinds=kinds)
            return books, await copies.count_void(tx, now)
    finally:
        await store.close()


def _lay(part: Path, path: Path, now: int) -> str | None:
    """Put the copy in place: the old file gets a second name before it loses its first, so a database always exists."""
    with part.open("rb+") as pages:
        os.fsync(pages.fileno())
    _refuse_strays(path)
    kept = None
    if path.exists():
        kept = path.with_name(f"{path.name}.replaced-{datetime.fromtimestamp(now / 1000, UTC):%Y%m%dT%H%M%S%fZ}")
        publish(path, kept)
    part.replace(path)
    flush_folder(path.parent)
    return str(kept) if kept else None


def _refuse_strays(path: Path) -> None:
    strays = [path.with_name(path.name + ending) for ending in BESIDE]
    if found := next((stray for stray in strays if stray.exists()), None):
        raise CopyRefused(
            f"{found} lies beside {path} and would be mixed into what is restored. Either a program has the database"
            " open, then stop it; or it was left behind, then move it away together with the database it belongs to."
        )
