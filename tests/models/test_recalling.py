"""What a transaction read it knows until it writes there; what can wait is written before anything could miss it."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from models import ledger, promises
from models.promises import Promise
from models.recalling import ROWS, touched
from models.store import Store, Tx
from tests.models.conftest import HOME
from tests.sources import tree
from tests.statements import CountingStore

MODELS = Path(__file__).parents[2] / "models"
COUNT = "SELECT COUNT(*) AS many FROM promise"
NAMES = "SELECT name FROM community ORDER BY id"


def promise(number: int) -> Promise:
    return Promise(community_id=HOME, id=number, kind="Post", body="{}", platform="discord", due_at=0, cause="a")


async def many(tx: Tx) -> int:
    row = await tx.one(COUNT)
    assert row
    return int(row["many"])


async def named(tx: Tx, name: str) -> None:
    await tx.run("INSERT INTO community (id, name, created_at) VALUES (:id, :name, 0)", id=len(name) + 90, name=name)


async def test_what_was_read_is_asked_for_once(store: Store) -> None:
    """Until that table is written; another one changes nothing, and a caller's list is its own."""
    counting = CountingStore(store)
    async with counting.write() as tx:
        (await tx.all(NAMES)).append(None)  # type: ignore[arg-type]
        promises.owe(tx, promise(1))
        assert await many(tx) == 1
        before = len(counting.asked)
        names = [row["name"] for row in await tx.all(NAMES)]
        assert (len(counting.asked), await many(tx)) == (before, 1)

        await named(tx, "Another")

        assert [row["name"] for row in await tx.all(NAMES)] == [*names, "Another"]


async def test_what_is_long_is_not_kept(store: Store) -> None:
    """A reader who goes through a table does not hold all of it until the end."""
    counting = CountingStore(store)
    async with counting.write() as tx:
        for number in range(ROWS):
            promises.owe(tx, promise(number + 1))
        for more in (0, 1):
            if more:
                promises.owe(tx, promise(ROWS + 1))
            await tx.all("SELECT id FROM promise")
            asked = len(counting.asked)
            await tx.all("SELECT id FROM promise")
            assert len(counting.asked) == asked + more


async def test_a_savepoint_that_is_undone_takes_what_was_known_with_it(store: Store) -> None:
    """What was read inside is not believed outside."""
    async with store.write() as tx:
        names = await tx.all(NAMES)
        with suppress(LookupError):
            async with tx.savepoint():
                await named(tx, "Gone")
                assert len(await tx.all(NAMES)) == len(names) + 1
                raise LookupError
        assert len(await tx.all(NAMES)) == len(names)


@pytest.mark.parametrize("looked", [False, True])
async def test_what_waits_is_undone_with_its_savepoint(store: Store, looked: bool) -> None:
    """And what waited before waits on, also where something inside made it be written."""
    async with store.write() as tx:
        promises.owe(tx, promise(1))
        with suppress(LookupError):
            async with tx.savepoint():
                promises.owe(tx, promise(2))
                assert not looked or await many(tx) == 2
                raise LookupError
        promises.owe(tx, promise(3))
    async with store.read() as tx:
        assert [row["id"] for row in await tx.all("SELECT id FROM promise ORDER BY id")] == [1, 3]


async def test_savepoints_that_ended_are_given_back_in_time(store: Store) -> None:
    """However they follow and hold one another, each undoes itself alone."""
    async with store.write() as tx:
        async with tx.savepoint():
            async with tx.savepoint():
                await named(tx, "A")
            async with tx.savepoint():
                await named(tx, "BB")
        with suppress(LookupError):
            async with tx.savepoint():
                async with tx.savepoint():
                    await named(tx, "CCC")
                async with tx.savepoint():
                    await named(tx, "DDDD")
                raise LookupError
        async with tx.savepoint():
            await named(tx, "EEEEE")
    async with store.read() as tx:
        found = [row["name"] for row in await tx.all(NAMES)]
    assert [name for name in found if name in ("A", "BB", "CCC", "DDDD", "EEEEE")] == ["A", "BB", "EEEEE"]


async def test_a_failed_statement_after_a_savepoint_that_ended(store: Store) -> None:
    """The savepoint around both is undone, though the one inside had not been given back yet."""
    async with store.write() as tx:
        with suppress(Exception):
            async with tx.savepoint():
                async with tx.savepoint():
                    await named(tx, "A")
                await tx.run("UPDATE nowhere SET a = 1")
        await named(tx, "BB")
    async with store.read() as tx:
        found = {row["name"] for row in await tx.all(NAMES)}
    assert found & {"A", "BB"} == {"BB"}


async def test_a_lock_is_taken_once_and_what_was_known_before_is_not_believed(store: Store, other: Store) -> None:
    """Another process may have decided meanwhile; a lock whose savepoint is undone is taken again."""
    if store.dialect == "sqlite":
        pytest.skip("nobody writes beside a transaction of SQLite, so nothing is locked there")
    async with other.write() as tx:
        await ledger.lock(tx, HOME)
    counting = CountingStore(store)
    async with counting.write() as tx:
        before = await many(tx)
        async with other.write() as beside:
            promises.owe(beside, promise(7))
        assert await many(tx) == before
        await ledger.lock(tx, HOME)
        assert await many(tx) == before + 1
        asked = len(counting.asked)
        await ledger.lock(tx, HOME)
        assert len(counting.asked) == asked
    async with counting.write() as tx:
        with suppress(LookupError):
            async with tx.savepoint():
                await ledger.lock(tx, HOME)
                raise LookupError
        asked = len(counting.asked)
        await ledger.lock(tx, HOME)
        assert len(counting.asked) == asked + 1


def statements() -> Iterator[str]:
    for file in MODELS.glob("*.py"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


#: whatever begins to write; "DO UPDATE SET" and "FOR UPDATE" name no table
BEGINS = re.compile(
    r"\b(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|DELETE FROM|UPDATE\s+(?!SET\b)\w+(?: AS \w+)?\s+SET|MERGE)\b(?!\)|\|)"
)


def test_every_statement_that_writes_is_known_to() -> None:
    """Its table is found in it; otherwise what was read there would be believed too long."""
    writing = [sql for sql in statements() if BEGINS.search(sql)]

    assert len(writing) > 100
    assert [sql for sql in writing if not touched(sql).written] == []
