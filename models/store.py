"""The port to the database: transactions over :named SQL; engines.py opens it, sqlite.py and postgres.py answer it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, LiteralString, Protocol

Dialect = Literal["sqlite", "postgres"]
Value = str | int | float | bool | None


class StoreAway(Exception):
    """The store did not say yes. A caller that may do it twice simply tries again."""


class StoreBusy(StoreAway):
    """It was not done: a lock, a deadlock, a full disk, a connection cut before the commit."""


class StoreUnsure(StoreAway):
    """The connection was cut during the commit: it may be done or not, and only a look tells."""


class StoreBroken(Exception):
    """The database cannot be used at all; str() is a sentence for the operator, without secrets."""


class StoreMissing(StoreBroken):
    """The database does not exist yet."""


class Fenced(Exception):
    """Another process holds the lease under which this process wrote: it may write no more."""


class Row(Protocol):
    """What sqlite3.Row and asyncpg.Record have in common."""

    def __getitem__(self, key: str, /) -> Any: ...
    def keys(self) -> Iterable[str]: ...


#: words that make one result of several rows: a statement cut into pieces would give one for each piece
_ACROSS = re.compile(
    r"\b(?:GROUP BY|ORDER BY|HAVING|DISTINCT|LIMIT|OFFSET|OVER|UNION|INTERSECT|EXCEPT|NOT IN|NOT EXISTS)\b"
    r"|\b(?:COUNT|SUM|TOTAL|AVG|MIN|MAX|STRING_AGG|GROUP_CONCAT)\s*\("
)
_UNSAID = re.compile(r"'(?:[^']|'')*'|--[^\n]*")
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
_SOURCE = re.compile(r"\s*WITH\s+(?:RECURSIVE\s+)?(\w+)\s*\([^)]*\)\s*AS\s*\(\s*$")


@dataclass(frozen=True, slots=True, eq=False)
class Bulk:
    """One statement over many rows: `head`, then the rows, then `tail`. Made once, as a module's constant.

    Any number of rows gives one result. An engine with a limit on values cuts the rows into pieces, unless the
    statement looks at several rows together: then it is `whole`.
    """

    head: LiteralString
    #: name → BIGINT, TEXT, BOOLEAN or DOUBLE PRECISION, in the order of each row's values.
    columns: Mapping[str, LiteralString]
    tail: LiteralString = ""
    whole: bool = field(init=False)

    def __post_init__(self) -> None:
        source, tail = _SOURCE.fullmatch(self.head), _UNSAID.sub("", self.tail)
        mentions = _READ.findall(tail).count(source[1]) if source else 0
        whole = mentions > 1 or bool(_ACROSS.search(tail))
        if whole and not source:
            raise ValueError(f"a bulk that looks across its rows names them first, WITH … AS (: {self.head}")
        object.__setattr__(self, "whole", whole)


class Statements(Protocol):
    """What an engine does for an open transaction. Parameters are written :name."""

    #: The engine, for the few callers who must write different SQL for each.
    dialect: Dialect

    async def one(self, sql: LiteralString, /, **values: Value) -> Row | None: ...

    async def all(self, sql: LiteralString, /, **values: Value) -> list[Row]: ...

    async def run(self, sql: LiteralString, /, **values: Value) -> int:
        """Run it; return how many rows changed."""

    async def each(self, bulk: Bulk, rows: Sequence[tuple[Value, ...]]) -> list[Row]:
        """The rows the statement returns, if any. Rows that meet in one conflict clause must differ in its key."""

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """Undo the block if it raises anything at all, and raise it again."""


class Tx(Statements, Protocol):
    """An open transaction. It remembers what was read, so asking again costs nothing."""

    def later(self, bulk: Bulk, row: tuple[Value, ...]) -> None:
        """Write this row before anything looks at its table, at the latest with the commit."""

    async def hold(self, sql: LiteralString, /, **values: Value) -> bool:
        """Lock the row this statement finds, if there is one, until the transaction ends.

        What the transaction read before may have changed.
        """


class Store(Protocol):
    """A database. Times out a lock after five seconds as StoreBusy."""

    dialect: Dialect
    #: Safe for logs: it never holds the password.
    url: str

    def write(self) -> AbstractAsyncContextManager[Tx]:
        """Commit when the block ends well, roll back when it raises anything, cancellation included.

        Raises StoreUnsure if nobody knows whether it was committed. A cancellation during the commit stays a
        cancellation, and leaves the same doubt.
        """

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """One unchanging view for the block, beside the writers; it cannot write."""

    def fence(self, name: str, number: int | None) -> None:
        """From now on every write() first proves that lease `name` has this number; None ends that."""

    async def close(self) -> None: ...
