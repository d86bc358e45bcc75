"""Migrates a database to the tables this program knows; the files in migrations/ define the tables."""

import re
import time
from dataclasses import dataclass
from importlib.resources import files
from typing import LiteralString

from models.store import Dialect, Store, StoreBroken, Tx

FILE = re.compile(r"(\d{4})_\w+?(?:\.(sqlite|postgres))?\.sql")
SQLITE_WORDS = {"BIGINT": "INTEGER", "BOOLEAN": "INTEGER", "DOUBLE PRECISION": "REAL"}
#: a process that changes tables holds it to the end of its transaction
MIGRATING: LiteralString = "SELECT pg_advisory_xact_lock(20200101)"
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'",
    "postgres": "SELECT table_name FROM information_schema.tables"
    " WHERE table_schema = CURRENT_SCHEMA() AND table_name = 'schema_version'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    number: int
    name: str
    text: str
    #: Written in the shared dialect, so that SQLite needs its type words translated.
    shared: bool


async def migrate(store: Store) -> list[str]:
    """Apply missing migrations in order, each in one transaction; return their names."""
    applied = []
    async with store.read() as tx:
        done = await _numbers(tx, store.dialect)
    for migration in _known(store.dialect):
        if migration.number in done:
            continue
        async with store.write() as tx:
            if store.dialect == "postgres":
                # Two processes that start together take turns; SQLite has one writer anyway.
                await tx.all(MIGRATING)
            if migration.number in await _numbers(tx, store.dialect):
                continue
            for statement in statements(migration.text, store.dialect if migration.shared else "postgres"):
                await tx.run(statement)
            await tx.run(
                """
                INSERT INTO schema_version (number, name, applied_at) VALUES (:number, :name, :applied_at)
                """,
                number=migration.number,
                name=migration.name,
                applied_at=time.time_ns() // 1_000_000,
            )
            applied.append(migration.name)
    return applied


async def is_new(store: Store) -> bool:
    """Whether no migration was ever applied."""
    async with store.read() as tx:
        return await tx.one(TABLES[store.dialect]) is None


async def born(store: Store) -> int | None:
    """When its first migration was applied."""
    async with store.read() as tx:
        if await tx.one(TABLES[store.dialect]) is None:
            return None
        row = await tx.one("SELECT MIN(applied_at) AS at FROM schema_version")
    return row["at"] if row else None


async def pending(store: Store) -> list[str]:
    """The names of the migrations this database still lacks."""
    async with store.read() as tx:
        return await lacking(tx)


async def lacking(tx: Tx) -> list[str]:
    done = await _numbers(tx, tx.dialect)
    return [migration.name for migration in _known(tx.dialect) if migration.number not in done]


def refuse_newer(number: int, name: str, dialect: Dialect) -> None:
    newest = _known(dialect)[-1]
    if number > newest.number:
        raise StoreBroken(
            f"The database was written by a newer Hearth ({name}); this one knows up to {newest.name}. "
            "Install that version again, or restore a backup made before it."
        )


def statements(text: str, dialect: Dialect) -> list[str]:
    """The file's statements, translated for this engine; a statement ends with its line."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
    found = [part.strip() for part in re.split(r";[ \t]*(?:\n|$)", code) if part.strip()]
    return [_for_sqlite(statement) for statement in found] if dialect == "sqlite" else found


def _for_sqlite(statement: str) -> str:
    if not statement.startswith(("CREATE TABLE", "ALTER TABLE")):
        return statement
    words = re.sub(r"\b(?:BIGINT|BOOLEAN|DOUBLE PRECISION)\b", lambda word: SQLITE_WORDS[word[0]], statement)
    if statement.startswith("ALTER TABLE"):
        return words
    # STRICT, because otherwise an overflowing integer silently becomes a float. Not WITHOUT ROWID, which is no faster
    # here: with it the planner thinks the table's own order as good as any index that begins with community_id too,
    # and reads all accounts of the community to find one member's.
    return f"{words} STRICT"


async def _numbers(tx: Tx, dialect: Dialect) -> set[int]:
    if await tx.one(TABLES[dialect]) is None:
        return set()
    rows = await tx.all("SELECT number, name FROM schema_version ORDER BY number")
    if rows:
        refuse_newer(rows[-1]["number"], rows[-1]["name"], dialect)
    return {row["number"] for row in rows}


def _known(dialect: Dialect) -> list[Migration]:
    found = []
    for file in files("migrations").iterdir():
        match = FILE.fullmatch(file.name)
        if match and match[2] in (None, dialect):
            name = file.name.split(".", 1)[0]
            text = file.read_text(encoding="utf-8")
            found.append(Migration(number=int(match[1]), name=name, text=text, shared=match[2] is None))
    return sorted(found, key=lambda migration: migration.number)
