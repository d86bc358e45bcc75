"""Copies the whole database while others write, proves the copy, and restores it; each engine has its own way.

A copy is trusted as much as the database it was made of.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import LiteralString, Protocol

from models import communities, proof
from models.migrate import lacking
from models.packing import CopyRefused
from models.proof import Fault
from models.store import Dialect, StoreBroken, Tx

#: What a restored copy forgets: due promises, which may have been kept since it was made, the holders of leases, and
#: the commands last sent to the platforms. psql knows :names too, so one text serves both engines here as well.
FORGETTING: tuple[LiteralString, ...] = (
    """
    UPDATE promise SET kept_at = :now, outcome = 'void', error = 'restored', leased_until = 0
    WHERE kept_at IS NULL AND due_at <= :now AND CAST(:kinds AS TEXT) LIKE '%|' || kind || '|%'
    """,
    "UPDATE lease SET until = 0",
    "DELETE FROM remembered WHERE key LIKE '%:commands'",
)
#: the first bytes of a copy
BEGINNINGS: dict[Dialect, bytes] = {"sqlite": b"SQLite format 3\0", "postgres": b"--\n-- PostgreSQL database dump"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """For each community, what its entries contradict; None where the schema is not this version's."""

    faults: dict[int, Sequence[Fault]] | None

    @property
    def sound(self) -> bool:
        return not any((self.faults or {}).values())

    @property
    def word(self) -> str:
        if self.faults is None:
            return "its books were not read: its schema is of an older version"
        if not self.sound:
            return "its books do not add up: `hearth check --ledger` says where"
        return (
            f"the books of {len(self.faults)} communities add up"
            if len(self.faults) != 1
            else "the books of the community add up"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    books: Books
    #: the name under which the replaced database is kept
    kept: str | None
    #: due promises that will not be performed
    void: int


class Engine(Protocol):
    """What the module of each engine offers."""

    async def back_up(self, url: str, file: Path) -> Books: ...

    async def restore(self, url: str, file: Path, kinds: str, now: int) -> Restored: ...


async def back_up(url: str, file: Path) -> Books:
    """Copy everything into a new file, and prove it."""
    with _said_plainly(file):
        return await _engine(url).back_up(url, file)


async def restore(url: str, file: Path, kinds: Sequence[str], now: int) -> Restored:
    """Replace the database by a copy, and keep the old one; due promises of these kinds become void."""
    with _said_plainly(file):
        return await _engine(url).restore(url, file, f"|{'|'.join(kinds)}|", now)


def _engine(url: str) -> Engine:
    """Import an engine only in the host that uses it."""
    engine: Engine = import_module(f"models.{dialect(url)}_copies")
    return engine


@contextmanager
def _said_plainly(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CopyRefused(f"{error.filename or file}: {error.strerror or error}.") from None


def dialect(url: str) -> Dialect:
    return "sqlite" if url.startswith("sqlite:") else "postgres"


def file_of(url: str) -> Path | None:
    """The database's own file, if it is in a file."""
    return Path(url.removeprefix("sqlite:///")) if dialect(url) == "sqlite" else None


def is_there(url: str) -> bool:
    file = file_of(url)
    return file is None or file.exists()


async def examine(tx: Tx) -> Books:
    """Prove the books of every community, if this version can read them."""
    if await lacking(tx):
        return Books(faults=None)
    return Books(faults={each.id: await proof.prove(tx, each.id) for each in await communities.communities(tx)})


async def count_void(tx: Tx, now: int) -> int:
    row = await tx.one(
        "SELECT COUNT(*) AS promises FROM promise WHERE kept_at = :now AND outcome = 'void' AND error = 'restored'",
        now=now,
    )
    return row["promises"] if row else 0


def look_at(beginning: bytes, wanted: Dialect, file: Path) -> None:
    """Refuse a file that is no copy, or a copy of the other engine."""
    found = next((each for each, mark in BEGINNINGS.items() if beginning.startswith(mark)), None)
    if found is None:
        raise CopyRefused(f"{file} is no backup of Hearth.")
    if found != wanted:
        raise CopyRefused(f"{file} was made of a {found} database, and this is {wanted}.")


def damaged(what: object, faults: Sequence[str]) -> StoreBroken:
    return StoreBroken(f"The database {what} is damaged ({faults[0]}). Restore the last backup made before.")
