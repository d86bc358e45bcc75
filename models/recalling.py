"""A transaction that asks nothing twice: it remembers reads until it writes that table, and delays some writes."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import groupby
from typing import Any, LiteralString, NamedTuple

from models.store import Bulk, Dialect, Row, Statements, Value

#: answers that a transaction knows at once, and rows of one; what is longer is read to be gone through
ANSWERS, ROWS = 10_000, 200

Ask = Callable[..., Awaitable[Any]]

_WRITTEN = re.compile(r"\b(?:INSERT INTO|DELETE FROM)\s+(\w+)|\bUPDATE\s+(\w+)(?:\s+AS\s+\w+)?\s+SET\b")
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)|,\s+(\w+)\s+AS\b")


class Touched(NamedTuple):
    """Tables, and other names that look like tables."""

    written: frozenset[str]
    all: frozenset[str]


@lru_cache(maxsize=4096)
def touched(sql: str) -> Touched:
    written = frozenset(name for match in _WRITTEN.findall(sql) for name in match if name)
    return Touched(written, written | {name for match in _READ.findall(sql) for name in match if name})


class Recalling:
    """Wraps the transaction of an engine.

    Nobody else changes what it decides about: on SQLite nobody else writes at all; on PostgreSQL it takes a lock
    first, and forgets all it knew when it gets the lock.
    """

    def __init__(self, tx: Statements) -> None:
        self._tx = tx
        self.dialect: Dialect = tx.dialect
        self._known: dict[tuple[object, ...], Any] = {}
        self._of: defaultdict[str, set[tuple[object, ...]]] = defaultdict(set)
        self._held: set[tuple[object, ...]] = set()
        self._later: list[tuple[Bulk, tuple[Value, ...]]] = []
        #: the tables with delayed writes
        self._awaited: set[str] = set()

    async def one(self, sql: LiteralString, /, **values: Value) -> Row | None:
        row: Row | None = await self._recall(self._tx.one, sql, values)
        return row

    async def all(self, sql: LiteralString, /, **values: Value) -> list[Row]:
        return list(await self._recall(self._tx.all, sql, values))

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        tables = touched(sql)
        await self._touch(tables)
        if not tables.written:  # it changes the tables themselves
            self._forget()
        return await self._tx.run(sql, **values)

    async def each(self, bulk: Bulk, rows: Sequence[tuple[Value, ...]]) -> list[Row]:
        if not rows:
            return []
        await self._touch(_touched_by(bulk))
        return await self._tx.each(bulk, rows)

    def later(self, bulk: Bulk, row: tuple[Value, ...]) -> None:
        tables = _touched_by(bulk).written
        self._drop(tables)
        self._awaited |= tables
        self._later.append((bulk, row))

    async def hold(self, sql: LiteralString, /, **values: Value) -> bool:
        key = (sql, *values.values())
        if key not in self._held and await self._tx.one(sql, **values):
            self._forget()
            self._held.add(key)
        return key in self._held

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        waiting, many = self._later, len(self._later)
        try:
            async with self._tx.savepoint():
                yield
        except BaseException:
            # Delayed writes from before that were done meanwhile are undone too, so they wait again.
            del waiting[many:]
            self._later = waiting
            self._awaited = {table for bulk, _ in waiting for table in _touched_by(bulk).written}
            self._forget()
            self._held.clear()
            raise

    async def finish(self) -> None:
        """Write what was delayed, before the commit."""
        waiting, self._later, self._awaited = self._later, [], set()
        for _, its in groupby(waiting, key=lambda each: id(each[0])):
            bulk, rows = zip(*its, strict=True)
            await self._tx.each(bulk[0], rows)

    async def _recall(self, ask: Ask, sql: LiteralString, values: Mapping[str, Value]) -> Any:
        tables, key = touched(sql), (ask.__name__, sql, *values.values())
        if tables.written:
            await self._touch(tables)
            return await ask(sql, **values)
        if key in self._known:
            return self._known[key]
        await self._touch(tables)
        found = await ask(sql, **values)
        if not isinstance(found, list) or len(found) <= ROWS:
            self._keep(key, tables, found)
        return found

    def _keep(self, key: tuple[object, ...], tables: Touched, found: Any) -> None:
        if len(self._known) >= ANSWERS:
            self._forget()
        self._known[key] = found
        for table in tables.all:
            self._of[table].add(key)

    async def _touch(self, tables: Touched) -> None:
        """Do the delayed writes of these tables, and forget what we read from tables that the statement writes."""
        if not self._awaited.isdisjoint(tables.all):
            await self.finish()
        self._drop(tables.written)

    def _drop(self, tables: Iterable[str]) -> None:
        for table in tables:
            for key in self._of.pop(table, ()):
                self._known.pop(key, None)

    def _forget(self) -> None:
        self._known.clear()
        self._of.clear()


@lru_cache(maxsize=1024)
def _touched_by(bulk: Bulk) -> Touched:
    return touched(f"{bulk.head} {bulk.tail}")
