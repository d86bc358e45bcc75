"""Migrations: applied once, in order; together they make the snapshot."""

import asyncio
from importlib.resources import files

import pytest

from models import migrate
from models.engines import open_store
from models.questions import Question, put_question, question
from models.store import Store, StoreBroken, Tx

SHAPE = {
    "sqlite": ["SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"],
    "postgres": [
        """
        SELECT table_name, column_name, ordinal_position, data_type, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = CURRENT_SCHEMA() ORDER BY 1, 3
        """,
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = CURRENT_SCHEMA() ORDER BY 1, 2",
        """
        SELECT CAST(CAST(conrelid AS regclass) AS text) AS in_table, conname, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE connamespace = CAST(CURRENT_SCHEMA() AS regnamespace) ORDER BY 1, 2
        """,
    ],
}


async def shape(store: Store) -> list[dict[str, object]]:
    """Line breaks do not count, since an added column stands where its engine puts it."""
    async with store.read() as tx:
        rows = [dict(row) for query in SHAPE[store.dialect] for row in await tx.all(query)]
    return [
        {key: " ".join(value.split()) if isinstance(value, str) else value for key, value in row.items()}
        for row in rows
    ]


async def snapshot(tx: Tx, dialect: str) -> None:
    """What both engines share, and what each has for itself, in its own types."""
    shared, own = ((files("migrations") / name).read_text("utf-8") for name in ("schema.sql", f"schema.{dialect}.sql"))
    spoken = migrate.statements(shared, "sqlite" if dialect == "sqlite" else "postgres")
    for statement in [*spoken, *migrate.statements(own, "postgres")]:
        await tx.run(statement)


async def test_the_sum_of_migrations_is_the_snapshot(empty_url: str, url: str) -> None:
    """All migrations, one after the other, make exactly the tables of schema.sql."""
    drawn, grown = await open_store(empty_url), await open_store(url)
    async with drawn.write() as tx:
        await snapshot(tx, drawn.dialect)

    assert await shape(drawn) == await shape(grown)
    assert len(await shape(drawn)) > 20
    await drawn.close()
    await grown.close()


async def test_migrations_are_applied_once(empty_url: str) -> None:
    """Pending migrations are applied, and then are no longer pending."""
    store = await open_store(empty_url)
    before = await migrate.pending(store)

    assert before == await migrate.migrate(store)
    assert before[0] == "0001_house"
    assert await migrate.pending(store) == []
    assert await migrate.migrate(store) == []
    await store.close()


async def test_a_table_that_is_made_anew_keeps_its_rows(empty_url: str) -> None:
    """SQLite cannot change some things in place, so rows are copied, and none is lost."""
    store = await open_store(empty_url)
    await migrate.migrate(store)
    (anew,) = [each for each in migrate._known(store.dialect) if each.name == "0044_stale"]
    asked = Question(
        community_id=1, number=2, id=3, asker_id=4, place_id=5, title="Why?", body="It hangs.", tags="tea pots",
        asked_at=6, state="duplicate", same_as=7,
    )  # fmt: skip
    async with store.write() as tx:
        await put_question(tx, asked)
        await tx.run("DROP INDEX question_place_question")
        for statement in migrate.statements(anew.text, store.dialect):
            await tx.run(statement)

    async with store.read() as tx:
        assert await question(tx, 1, 2) == asked
    await store.close()


async def test_two_processes_may_start_together(empty_url: str) -> None:
    """Each migration is applied by one of them."""
    stores = [await open_store(empty_url) for _ in range(2)]

    applied = await asyncio.gather(*(migrate.migrate(store) for store in stores))

    assert sorted(applied[0] + applied[1]) == sorted(migration.name for migration in migrate._known("sqlite"))
    for store in stores:
        await store.close()


async def test_a_newer_database_is_refused(empty_url: str) -> None:
    """A database from a later version is left as it is, with a sentence that says what to do."""
    store = await open_store(empty_url)
    await migrate.migrate(store)
    async with store.write() as tx:
        await tx.run("INSERT INTO schema_version (number, name, applied_at) VALUES (9999, '9999_future', 0)")

    with pytest.raises(StoreBroken, match=r"newer Hearth \(9999_future\)"):
        await migrate.migrate(store)
    with pytest.raises(StoreBroken, match="restore a backup"):
        await migrate.pending(store)
    await store.close()


def test_every_migration_says_why() -> None:
    """The first line of each file is its reason, and no number comes twice for one engine."""
    for dialect in ("sqlite", "postgres"):
        known = migrate._known(dialect)
        assert all(migration.text.startswith("-- ") for migration in known)
        numbers = [migration.number for migration in known]
        assert numbers == sorted(set(numbers))


def test_sqlite_is_spoken_to_in_its_own_words() -> None:
    """The four type words are translated in tables, tables are strict, and nothing else changes."""
    text = """
    -- A comment; with a semicolon.
    CREATE TABLE a (
        b BIGINT, c TEXT, d BOOLEAN, e DOUBLE PRECISION
    );
    CREATE INDEX f ON a (b);
    """

    assert migrate.statements(text, "sqlite") == [
        "CREATE TABLE a (\n        b INTEGER, c TEXT, d INTEGER, e REAL\n    ) STRICT",
        "CREATE INDEX f ON a (b)",
    ]
