"""A store that keeps which statements its engine was asked, for tests that count them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import LiteralString

from models.recalling import Recalling
from models.store import Bulk, Dialect, Row, Statements, Store, Tx, Value


class Counting:
    """Around what an engine does."""

    def __init__(self, tx: Statements, asked: list[str]) -> None:
        self._tx, self._asked = tx, asked
        self.dialect: Dialect = tx.dialect

    async def one(self, sql: LiteralString, /, **values: Value) -> Row | None:
        self._asked.append(sql)
        return await self._tx.one(sql, **values)

    async def all(self, sql: LiteralString, /, **values: Value) -> list[Row]:
        self._asked.append(sql)
        return await self._tx.all(sql, **values)

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        self._asked.append(sql)
        return await self._tx.run(sql, **values)

    async def each(self, bulk: Bulk, rows: Sequence[tuple[Value, ...]]) -> list[Row]:
        self._asked.append(f"{bulk.head} … {bulk.tail}")
        return await self._tx.each(bulk, rows)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        self._asked.append("SAVEPOINT")
        async with self._tx.savepoint():
            yield


class CountingStore:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.dialect: Dialect = store.dialect
        self.url = store.url
        self.asked: list[str] = []

    def write(self) -> AbstractAsyncContextManager[Tx]:
        return self._counted(self._store.write)

    def read(self) -> AbstractAsyncContextManager[Tx]:
        return self._counted(self._store.read)

    @asynccontextmanager
    async def _counted(self, begin: Callable[[], AbstractAsyncContextManager[Tx]]) -> AsyncIterator[Tx]:
        async with begin() as tx:
            assert isinstance(tx, Recalling)
            tx._tx = Counting(tx._tx, self.asked)
            yield tx

    def fence(self, name: str, number: int | None) -> None:
        self._store.fence(name, number)

    async def close(self) -> None:
        await self._store.close()
