"""The store on one SQLite file: one writer, a few readers, and the log swept beside them; the nouns hold the SQL."""

import asyncio
import json
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import LiteralString, TypeVar

import aiosqlite

from models.recalling import Recalling
from models.store import Bulk, Dialect, Fenced, Row, StoreBroken, StoreBusy, StoreMissing, Value

Result = TypeVar("Result")

OLDEST = (3, 37)  # the first with STRICT tables
READERS = 2
BUSY_MS = 5_000
ROWS_PER_STATEMENT = 256
LOG_BYTES = 16 * 1024 * 1024
#: Seconds between two sweeps, so that a reader who pins the log cannot make us sweep again and again.
SWEEP_PAUSE = 0.25

TRY_AGAIN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL}
BROKEN = {
    sqlite3.SQLITE_READONLY: "is read-only",
    sqlite3.SQLITE_IOERR: "cannot be read or written; see whether its disk is full",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore a backup",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_NOTADB: "is not a database",
}


class Thread(aiosqlite.Connection):
    """A connection that runs whole functions in its thread: here the hop between threads costs, not the statement."""

    path: Path

    async def hop(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        # aiosqlite offers one statement a hop. Its own `_execute` takes any function, and a subclass may call it. Its
        # queue is first in, first out: what a cancelled task left there runs before what follows.
        try:
            result: Result = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        except sqlite3.DatabaseError as error:
            if told := translated(error, self.path):
                raise told from error
            raise
        return result


class SqliteTx:
    """An open transaction on one connection."""

    dialect: Dialect = "sqlite"

    def __init__(self, thread: Thread) -> None:
        self._thread = thread
        #: savepoints that ended well; the next one, or the end of the transaction, releases them
        self._ended = 0

    async def one(self, sql: LiteralString, /, **values: Value) -> Row | None:
        return await self._within(partial(_one, sql=sql, values=values))

    async def all(self, sql: LiteralString, /, **values: Value) -> list[Row]:
        return await self._within(lambda db: db.execute(sql, values).fetchall())

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        return await self._within(lambda db: db.execute(sql, values).rowcount)

    async def each(self, bulk: Bulk, rows: Sequence[tuple[Value, ...]]) -> list[Row]:
        return await self._within(partial(_each, bulk=bulk, rows=rows)) if rows else []

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        ended, self._ended = self._ended, 0
        await self._within(partial(_set_savepoint, ended=ended))
        try:
            yield
        except BaseException:
            within, self._ended = self._ended, 0
            await asyncio.shield(self._thread.hop(partial(_back_to_savepoint, within=within)))
            raise
        self._ended += 1

    async def _within(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        return await self._thread.hop(partial(_guarded, work=work))


class SqliteStore:
    """One file. Opened by `open_sqlite`."""

    dialect: Dialect = "sqlite"

    def __init__(self, path: Path, writer: Thread, sweeper: Thread, readers: Sequence[Thread]) -> None:
        self.url = f"sqlite:///{path}"
        self._log = path.with_name(path.name + "-wal")
        self._writer, self._sweeper = writer, sweeper
        self._writing = asyncio.Lock()
        self._readers: asyncio.LifoQueue[Thread] = asyncio.LifoQueue()
        for reader in readers:
            self._readers.put_nowait(reader)
        self._fences: dict[str, int] = {}
        self._sweeping: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Recalling]:
        async with self._writing:
            try:
                await self._writer.hop(partial(_begin, fences=self._fences))
                tx = Recalling(SqliteTx(self._writer))
                yield tx
                await tx.finish()
                log_bytes = await asyncio.shield(self._writer.hop(partial(_commit, log=self._log)))
            except BaseException:
                # Shielded: a task that is cancelled again must not leave the transaction open for the next.
                await asyncio.shield(self._writer.hop(_roll_back))
                raise
        if log_bytes > LOG_BYTES and (self._sweeping is None or self._sweeping.done()):
            self._sweeping = asyncio.create_task(self._sweep())

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Recalling]:
        reader = await self._readers.get()
        try:
            await reader.hop(lambda db: db.execute("BEGIN"))
            yield Recalling(SqliteTx(reader))
        finally:
            try:
                await asyncio.shield(reader.hop(_roll_back))
            finally:
                self._readers.put_nowait(reader)

    def fence(self, name: str, number: int | None) -> None:
        # A new dict each time: a write that begins at this moment may still read the old one.
        others = {each: held for each, held in self._fences.items() if each != name}
        self._fences = others if number is None else others | {name: number}

    async def close(self) -> None:
        async with self._writing:
            if self._sweeping is not None:
                self._sweeping.cancel()
                with suppress(asyncio.CancelledError):
                    await self._sweeping
            for _ in range(READERS):
                await (await self._readers.get()).close()
            await self._sweeper.close()
            # The last connection to leave moves the whole log into the database and removes it.
            await self._writer.close()

    async def _sweep(self) -> None:
        """Move the log into the database: nearly all of it beside the writer, the last pages while the writer waits.

        Only a log swept to its end starts again at its beginning, so without the second step a busy writer would let
        it grow for ever.
        """
        with suppress(StoreBusy):
            await self._sweeper.hop(_checkpoint)
            async with self._writing:
                await self._sweeper.hop(_checkpoint)
        await asyncio.sleep(SWEEP_PAUSE)


async def open_sqlite(url: str, *, make: bool = True) -> SqliteStore:
    path = path_of(url)
    if not make and not path.exists():
        raise StoreMissing(f"There is no database {path} yet; `hearth run` makes it.")
    if sqlite3.sqlite_version_info < OLDEST:
        raise StoreBroken(f"SQLite {'.'.join(map(str, OLDEST))} or newer is needed; this is {sqlite3.sqlite_version}.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreBroken(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    try:
        if not path.exists():  # members trust us with its content, so only its owner may read it
            path.touch(mode=0o600)
        # Try first without a thread: a thread of aiosqlite that fails to open may outlive the loop, and complain.
        sqlite3.connect(path).close()
    except (sqlite3.DatabaseError, OSError) as error:
        raise StoreBroken(f"The database {path} cannot be opened.") from error
    opened: list[Thread] = []
    try:
        for prepare in (_prepare_writer, _prepare_sweeper, *[_prepare_reader] * READERS):
            opened.append(await _connect(path))
            await opened[-1].hop(prepare)
    except BaseException as error:
        for thread in opened:
            await thread.close()
        if isinstance(error, StoreBusy):
            raise StoreBroken(f"The database {path} is held by another program.") from error
        raise
    writer, sweeper, *readers = opened
    return SqliteStore(path, writer, sweeper, readers)


def path_of(url: str) -> Path:
    """The target if the path is a link, since SQLite puts its log beside the target."""
    path = Path(url.removeprefix("sqlite:///"))
    try:
        return Path(os.path.realpath(path)) if path.is_symlink() else path
    except OSError as error:
        raise StoreBroken(f"The database {path} cannot be opened: {error.strerror}.") from None


@asynccontextmanager
async def looking_at(path: Path) -> AsyncIterator[Recalling]:
    """Open a file that nobody writes, as it is; a cancelled caller does not wait for a long statement."""
    thread = await _connect(path, "?immutable=1")
    try:
        await thread.hop(_prepare_reader)
        await thread.hop(lambda db: db.execute("BEGIN"))
        yield Recalling(SqliteTx(thread))
    except asyncio.CancelledError:
        await thread.interrupt()
        raise
    finally:
        await thread.close()


def translated(error: sqlite3.DatabaseError, path: Path) -> StoreBusy | StoreBroken | None:
    """The port's error for it; None for our own mistake."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in TRY_AGAIN:
        return StoreBusy(f"{path}: {error}")
    return StoreBroken(f"The database {path} {BROKEN[code]}.") if code in BROKEN else None


async def _connect(path: Path, how: str = "") -> Thread:
    def connector() -> sqlite3.Connection:
        address = path.absolute().as_uri() + how
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_MS / 1000, cached_statements=512)

    thread = Thread(connector, iter_chunk_size=64)
    thread.path = path
    thread._thread.daemon = True  # noqa: SLF001 - otherwise a store left open would keep the process running
    await thread
    return thread


def _prepare(db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA temp_store = MEMORY")


def _prepare_writer(db: sqlite3.Connection) -> None:
    _prepare(db)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -65536")  # KiB: the hot ends of the indexes stay in memory
    db.execute("PRAGMA wal_autocheckpoint = 0")  # the sweeper does it, outside every commit
    db.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")  # so the file's size says whether a sweep is due
    db.execute("BEGIN IMMEDIATE")  # a read-only file fails now, not at the first event
    db.execute("ROLLBACK")


def _prepare_sweeper(db: sqlite3.Connection) -> None:
    _prepare(db)
    db.execute("PRAGMA synchronous = FULL")


def _prepare_reader(db: sqlite3.Connection) -> None:
    _prepare(db)
    db.execute("PRAGMA cache_size = -16384")
    db.execute("PRAGMA query_only = ON")


def _begin(db: sqlite3.Connection, fences: dict[str, int]) -> None:
    db.execute("BEGIN IMMEDIATE")
    for name, number in fences.items():
        if not db.execute("SELECT 1 FROM lease WHERE name = ? AND number = ?", (name, number)).fetchall():
            raise Fenced(f"lease {name} no longer bears number {number}")


def _commit(db: sqlite3.Connection, log: Path) -> int:
    db.execute("COMMIT")
    return log.stat().st_size if log.exists() else 0


def _roll_back(db: sqlite3.Connection) -> None:
    if db.in_transaction:
        db.execute("ROLLBACK")


def _set_savepoint(db: sqlite3.Connection, ended: int) -> None:
    for _ in range(ended):
        db.execute("RELEASE here")
    db.execute("SAVEPOINT here")


def _back_to_savepoint(db: sqlite3.Connection, within: int) -> None:
    """Roll back to the savepoint; `within` it so many others ended well."""
    if db.in_transaction:
        for _ in range(within):
            db.execute("RELEASE here")
        db.execute("ROLLBACK TO here")
        db.execute("RELEASE here")


def _checkpoint(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _guarded(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], Result]) -> Result:
    # On a full disk SQLite ends the transaction itself; statements after that would be committed one by one.
    if not db.in_transaction:
        raise StoreBusy("the engine gave up this transaction")
    return work(db)


def _one(db: sqlite3.Connection, sql: str, values: dict[str, Value]) -> Row | None:
    cursor = db.execute(sql, values)
    row: Row | None = cursor.fetchone()
    cursor.close()  # a statement with rows left would block COMMIT
    return row


def _each(db: sqlite3.Connection, bulk: Bulk, rows: Sequence[tuple[Value, ...]]) -> list[Row]:
    if bulk.whole:  # as one value, for a statement takes only some thousand values
        return list(db.execute(_whole(bulk), (json.dumps(rows),)))
    found: list[Row] = []
    at = 0
    while at < len(rows):
        # Sizes are powers of two, so that nine prepared statements serve every length.
        size = min(ROWS_PER_STATEMENT, 1 << (len(rows) - at).bit_length() - 1)
        values = list(chain.from_iterable(rows[at : at + size]))
        found += db.execute(_text(bulk, size), values).fetchall()
        at += size
    return found


@lru_cache(maxsize=1024)
def _whole(bulk: Bulk) -> str:
    values = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(len(bulk.columns)))
    return f"{bulk.head} SELECT {values} FROM json_each(?) {bulk.tail}"


@lru_cache(maxsize=1024)
def _text(bulk: Bulk, size: int) -> str:
    row = f"({', '.join('?' * len(bulk.columns))})"
    return f"{bulk.head} VALUES {', '.join([row] * size)} {bulk.tail}"
