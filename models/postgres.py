"""The store on PostgreSQL: pooled connections and :name parameters rewritten; SQL is left to the nouns."""

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
#: Strings, casts and comments are passed over; what is left of :name is a parameter.
PARAMETER = re.compile(r"'(?:[^']|'')*'|--[^\n]*|::|:([a-z_]\w*)")


class PostgresTx:
    """An open transaction on one connection."""

    dialect: Dialect = "postgres"

    def __init__(self, connection: Any, url: str) -> None:
        self._connection, self._url = connection, url
        #: savepoints that ended well and are given back with the next one, or with the transaction
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
        """That these leases still bear these numbers, and will until the transaction ends."""
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
        # Another dict each time: a write that begins at this moment is looking through the one before.
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
            # Shielded by the pool itself, which ends whatever a cancelled task left open.
            await self._pool.release(connection)

    @asynccontextmanager
    async def _within(self, begin: LiteralString, silence: type[StoreAway]) -> AsyncIterator[PostgresTx]:
        """`silence` is what it means when the commit goes unanswered."""
        # In words of our own: asyncpg's transactions hide the answer to COMMIT, and take back none that was cut short.
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
        """Only a no from the server itself says that nothing was done."""
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
        # Not chained: a driver's traceback may carry the address, and the address the password.
        raise StoreBroken(f"The database {safe} cannot be reached: {str(error) or type(error).__name__}.") from None
    except (asyncpg.InterfaceError, ValueError, OverflowError):
        raise StoreBroken(f"The database address {safe} is not understood.") from None
    return PostgresStore(pool, safe)


async def _left_as_found(_: Any) -> None:
    """Skip the pool's RESET ALL, a round trip for each transaction: no session state is ever set here."""


async def _translated(ask: Callable[[], Awaitable[Result]], url: str, connection: Any = None) -> Result:
    try:
        return await ask()  # asked in here, because on a dead connection the call itself raises already
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
    except asyncpg.InterfaceError:  # the pool has taken a dead one back already
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
    # Not urlsplit: a password that was never percent-encoded may hold any character, and must not come out either.
    scheme, _, rest = re.sub(r"password=[^&]*", "password=", url).partition("://")
    secret, at, address = rest.rpartition("@")
    return f"{scheme}://{secret.partition(':')[0]}{at}{address}"
