"""The store on PostgreSQL: it pools connections and rewrites :name parameters; the nouns hold the SQL."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from typing import Any, LiteralString, TypeVar

import asyncpg

from models.recalling import Recalling
from models.store import Bulk, Dialect, Fenced, Row, StoreAway, StoreBroken, StoreBusy, StoreUnsure, Value

Result = TypeVar("Result")

CONNECTIONS = 10
CONNECT_SECONDS = 10
BUSY_MS = 5_000
FENCED = """
    SELECT name FROM lease WHERE (name, number) IN (SELECT * FROM UNNEST($1::TEXT[], $2::BIGINT[]))
    -- A takeover waits for the writers it fences out; a renewal, which leaves the key alone, waits for nobody.
    FOR KEY SHARE OF lease
"""
TRY_AGAIN = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.InsufficientResourcesError,  # a full disk, too many connections
    asyncpg.OperatorInterventionError,  # shut down, or still starting
    asyncpg.PostgresConnectionError,
    OSError,
    TimeoutError,
)
BROKEN = (asyncpg.ReadOnlySQLTransactionError, asyncpg.DataCorruptedError, asyncpg.IndexCorruptedError)
#: It skips strings, casts and comments; each other :name is a parameter.
PARAMETER = re.compile(r"'(?:[^']|'')*'|--[^\n]*|::|:([a-z_]\w*)")


class PostgresTx:
    """An open transaction on one connection."""

    dialect: Dialect = "postgres"

    def __init__(self, connection: Any, url: str) -> None:
        self._connection, self._url = connection, url
        #: savepoints that ended well; the next one, or the end of the transaction, releases them
        self._ended = 0

    async def one(self, sql: LiteralString, /, **values: Value) -> Row | None:
        text, names = _numbered(sql)
        row: Row | None = await self._told(self._connection.fetchrow, text, *[values[name] for name in names])
        return row

    async def all(self, sql: LiteralString, /, **values: Value) -> list[Row]:
        text, names = _numbered(sql)
        rows: list[Row] = await self._told(self._connection.fetch, text, *[values[name] for name in names])
        return rows

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        text, names = _numbered(sql)
        status: str = await self._told(self._connection.execute, text, *[values[name] for name in names])
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def each(self, bulk: Bulk, rows: Sequence[tuple[Value, ...]]) -> list[Row]:
        if not rows:
            return []
        columns = [list(column) for column in zip(*rows, strict=True)]
        found: list[Row] = await self._told(self._connection.fetch, _unnested(bulk), *columns)
        return found

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        ended, self._ended = self._ended, 0
        await self.run("RELEASE SAVEPOINT here; " * ended + "SAVEPOINT here")
        try:
            yield
        except BaseException:
            back, self._ended = "ROLLBACK TO SAVEPOINT here; RELEASE SAVEPOINT here; " * (self._ended + 1), 0
            if _alive(self._connection):
                await asyncio.shield(self._connection.execute(back))
            raise
        self._ended += 1

    async def prove(self, fences: Mapping[str, int]) -> None:
        """Prove that these leases still have these numbers, and keep them until the transaction ends."""
        if not fences:
            return
        borne = await self._told(self._connection.fetch, FENCED, list(fences), list(fences.values()))
        if gone := fences.keys() - {row["name"] for row in borne}:
            raise Fenced(f"lease {min(gone)} no longer bears number {fences[min(gone)]}")

    async def _told(self, ask: Callable[..., Awaitable[Result]], *values: object) -> Result:
        return await _translated(partial(ask, *values), self._url, self._connection)


class PostgresStore:
    """One database. Opened by `open_postgres`."""

    dialect: Dialect = "postgres"

    def __init__(self, pool: Any, url: str) -> None:
        self.url = url
        self._pool = pool
        self._fences: dict[str, int] = {}

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Recalling]:
        async with self._within("BEGIN ISOLATION LEVEL READ COMMITTED", StoreUnsure) as tx:
            await tx.prove(self._fences)
            recalling = Recalling(tx)
            yield recalling
            await recalling.finish()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Recalling]:
        async with self._within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", StoreBusy) as tx:
            yield Recalling(tx)

    def fence(self, name: str, number: int | None) -> None:
        # A new dict each time: a write that begins at this moment may still read the old one.
        others = {each: held for each, held in self._fences.items() if each != name}
        self._fences = others if number is None else others | {name: number}

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        connection = await _translated(self._pool.acquire, self.url)
        try:
            yield connection
        finally:
            # The pool itself shields this, and ends what a cancelled task left open.
            await self._pool.release(connection)

    @asynccontextmanager
    async def _within(self, begin: LiteralString, silence: type[StoreAway]) -> AsyncIterator[PostgresTx]:
        """`silence` is the error to raise when the commit gets no answer."""
        # With our own statements: asyncpg's transactions hide the answer to COMMIT, and do not roll back one that was
        # cut.
        async with self._connection() as connection:
            await _translated(partial(connection.execute, begin), self.url, connection)
            try:
                yield PostgresTx(connection, self.url)
                await self._commit(connection, silence)
            except BaseException:
                if _alive(connection) and connection.is_in_transaction():
                    await asyncio.shield(_translated(partial(connection.execute, "ROLLBACK"), self.url, connection))
                raise

    async def _commit(self, connection: Any, silence: type[StoreAway]) -> None:
        """Commit; only a no from the server itself proves that nothing was done."""
        if not _alive(connection):
            raise StoreBusy("the connection was lost")
        try:
            answer = await _translated(partial(connection.execute, "COMMIT"), self.url, connection)
        except StoreBusy as error:
            if getattr(error.__cause__, "severity_en", None) == "ERROR":
                raise
            raise silence(str(error)) from error
        if answer != "COMMIT":
            raise StoreBusy("the engine gave up this transaction")


async def open_postgres(url: str) -> PostgresStore:
    safe = _without_password(url)
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            timeout=CONNECT_SECONDS,
            reset=_left_as_found,
            server_settings={"application_name": "hearth", "lock_timeout": str(BUSY_MS), "timezone": "UTC"},
        )
    except (asyncpg.PostgresError, OSError) as error:
        # Not chained: a driver's traceback may show the address, and the address holds the password.
        raise StoreBroken(f"The database {safe} cannot be reached: {str(error) or type(error).__name__}.") from None
    except (asyncpg.InterfaceError, ValueError, OverflowError):
        raise StoreBroken(f"The database address {safe} is not understood.") from None
    return PostgresStore(pool, safe)


async def _left_as_found(_: Any) -> None:
    """Skip the pool's RESET ALL, a round trip for each transaction: we never set session state."""


async def _translated(ask: Callable[[], Awaitable[Result]], url: str, connection: Any = None) -> Result:
    try:
        return await ask()  # call it inside, because on a dead connection the call itself raises
    except TRY_AGAIN as error:
        raise StoreBusy(str(error) or type(error).__name__) from error
    except BROKEN as error:
        raise StoreBroken(f"The database {url} cannot be used: {error}.") from error
    except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        if connection is not None and not _alive(connection):
            raise StoreBusy("the connection was lost") from error
        raise


def _alive(connection: Any) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # the pool already took back a dead one
        return False


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return match[0]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return PARAMETER.sub(number, sql), tuple(names)


@lru_cache(maxsize=1024)
def _unnested(bulk: Bulk) -> str:
    arrays = ", ".join(f"${number}::{word}[]" for number, word in enumerate(bulk.columns.values(), 1))
    return f"{bulk.head} SELECT * FROM unnest({arrays}) {bulk.tail}"


def _without_password(url: str) -> str:
    # Not urlsplit: a password that was not percent-encoded may hold any character, and must still be removed.
    scheme, _, rest = re.sub(r"password=[^&]*", "password=", url).partition("://")
    secret, at, address = rest.rpartition("@")
    return f"{scheme}://{secret.partition(':')[0]}{at}{address}"
