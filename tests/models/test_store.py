"""What both engines promise alike."""

import asyncio
import sqlite3
import traceback

import asyncpg
import pytest

from models import leases, remembered
from models.activity import count
from models.engines import open_store
from models.store import Bulk, Fenced, Store, StoreBroken, StoreBusy, Tx
from tests.models.conftest import HOME, NOW

PAIRS = Bulk(
    head="WITH given (number, word) AS (",
    columns={"number": "BIGINT", "word": "TEXT"},
    tail=") SELECT number, word FROM given WHERE number IS NOT NULL",
)


async def remembered_by(store: Store, key: str = "key") -> str | None:
    async with store.read() as tx:
        return await remembered.recall(tx, key)


async def test_what_is_written_is_read(store: Store) -> None:
    """A block that ends well is committed."""
    async with store.write() as tx:
        await remembered.remember(tx, "key", "value", NOW)

    assert await remembered_by(store) == "value"


async def test_an_error_undoes_the_block(store: Store) -> None:
    """A block that raises leaves nothing behind."""
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the block is the transaction
        async with store.write() as tx:
            await remembered.remember(tx, "key", "value", NOW)
            raise ZeroDivisionError

    assert await remembered_by(store) is None


@pytest.mark.parametrize("steps", [*range(12), 20, 40])
async def test_cancellation_anywhere_leaves_no_transaction_open(store: Store, steps: int) -> None:
    """Wherever a task is cancelled, the next finds a clean start, and its writes are there whole or not at all."""

    async def write_two() -> None:
        async with store.write() as tx:
            await remembered.remember(tx, "one", "value", NOW)
            await asyncio.sleep(0)
            await remembered.remember(tx, "two", "value", NOW)

    task = asyncio.create_task(write_two())
    for _ in range(steps):
        await asyncio.sleep(0.0002)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with store.write() as tx:
        await remembered.remember(tx, "after", "value", NOW)
    assert await remembered_by(store, "after") == "value"
    assert await remembered_by(store, "one") == await remembered_by(store, "two")


async def test_a_task_cancelled_while_it_thinks_is_rolled_back(store: Store) -> None:
    """Cancellation inside the block undoes what the block wrote."""
    written = asyncio.Event()

    async def never_ends() -> None:
        async with store.write() as tx:
            await remembered.remember(tx, "key", "value", NOW)
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(never_ends())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await remembered_by(store) is None


async def test_a_savepoint_undoes_its_own_block_only(store: Store) -> None:
    """What failed inside is gone, what came before and after stays; savepoints nest."""
    async with store.write() as tx:
        await remembered.remember(tx, "before", "value", NOW)
        with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the block is the transaction
            async with tx.savepoint():
                await remembered.remember(tx, "inside", "value", NOW)
                async with tx.savepoint():
                    await remembered.remember(tx, "deeper", "value", NOW)
                raise ZeroDivisionError
        async with tx.savepoint():
            await remembered.remember(tx, "kept", "value", NOW)

    found = [key for key in ("before", "inside", "deeper", "kept") if await remembered_by(store, key)]
    assert found == ["before", "kept"]


async def test_a_failed_statement_inside_a_savepoint_spoils_nothing(store: Store) -> None:
    """After the engine itself refused a row, the transaction goes on."""
    async with store.write() as tx:
        with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
            async with tx.savepoint():
                await tx.run("INSERT INTO remembered (key, value, at) VALUES ('', '', 0)")
        await remembered.remember(tx, "key", "value", NOW)

    assert await remembered_by(store) == "value"


async def test_a_reader_sees_one_moment(store: Store) -> None:
    """A commit meanwhile does not appear in the middle of a read block."""
    async with store.read() as reading:
        assert await remembered.recall(reading, "key") is None
        async with store.write() as tx:
            await remembered.remember(tx, "key", "value", NOW)
        assert await remembered.recall(reading, "key") is None

    assert await remembered_by(store) == "value"


async def test_a_reader_cannot_write(store: Store) -> None:
    """The read side refuses to change anything."""
    with pytest.raises((StoreBroken, sqlite3.OperationalError)):
        async with store.read() as tx:
            await remembered.remember(tx, "key", "value", NOW)

    assert await remembered_by(store) is None


async def test_run_says_how_many_rows_changed(tx: Tx) -> None:
    """`run` counts the rows it changed."""
    assert await tx.run("UPDATE community SET name = :name", name="x") == 2
    assert await tx.run("UPDATE community SET name = :name WHERE id = :id", name="x", id=99) == 0


@pytest.mark.parametrize("length", [0, 1, 255, 256, 257, 1000])
async def test_each_takes_any_number_of_rows(tx: Tx, length: int) -> None:
    """One statement over many rows returns them all, nulls included, in any number."""
    given = [(number, None if number % 2 else f"w{number}") for number in range(length)]

    rows = await tx.each(PAIRS, given)

    assert sorted((row["number"], row["word"]) for row in rows) == given


async def test_colons_that_are_no_parameters(tx: Tx) -> None:
    """Text in quotes stays as it is, and one parameter may be used twice."""
    row = await tx.one("SELECT ':no' AS text, CAST(:yes AS BIGINT) + CAST(:yes AS BIGINT) AS sum", yes=2)

    assert row is not None
    assert (row["text"], row["sum"]) == (":no", 4)


async def test_an_overflow_is_refused_and_not_rounded(tx: Tx) -> None:
    """A sum beyond 63 bits is an error, never a float."""
    await count(tx, [(HOME, 1, 7, "message", 2**63 - 1)])

    with pytest.raises((sqlite3.IntegrityError, asyncpg.NumericValueOutOfRangeError)):
        async with tx.savepoint():
            await count(tx, [(HOME, 1, 7, "message", 1)])

    row = await tx.one("SELECT amount FROM activity_day")
    assert row is not None
    assert row["amount"] == 2**63 - 1


async def test_a_fenced_process_writes_no_more(store: Store, other: Store) -> None:
    """Once another took the lease, every write of the former holder fails, and reading goes on."""
    async with store.write() as tx:
        lease = await leases.take(tx, "bell", "first", NOW, NOW + 10)
    store.fence("bell", lease.number)
    async with store.write() as tx:
        await remembered.remember(tx, "key", "mine", NOW)

    async with other.write() as tx:
        await leases.take(tx, "bell", "second", NOW + 10, NOW + 20)

    with pytest.raises(Fenced):
        async with store.write() as tx:
            await remembered.remember(tx, "key", "late", NOW)
    assert await remembered_by(store) == "mine"

    store.fence("bell", None)
    async with store.write() as tx:
        await remembered.remember(tx, "key", "unfenced", NOW)
    assert await remembered_by(store) == "unfenced"


async def test_leases_are_taken_while_others_write(store: Store) -> None:
    """A write that has just begun is not disturbed when a part is taken or released at the same moment."""
    names = [f"part {number}" for number in range(40)]
    async with store.write() as tx:
        held = {name: (await leases.take(tx, name, "ann", NOW, NOW + 60_000)).number for name in names}

    async def write(number: int) -> None:
        async with store.write() as tx:
            await remembered.remember(tx, f"key {number}", "written", NOW)

    writing = asyncio.gather(*(write(number) for number in range(20)))
    while not writing.done():
        for name in names:
            store.fence(name, held[name])
            await asyncio.sleep(0.001)
        for name in names:
            store.fence(name, None)
            await asyncio.sleep(0)
    await writing


async def test_a_takeover_waits_for_the_write_it_fences_out(store: Store, other: Store) -> None:
    """No write of the former holder is committed after the lease changed hands."""
    async with store.write() as tx:
        lease = await leases.take(tx, "bell", "first", NOW, NOW + 10)
    store.fence("bell", lease.number)

    async def take_over() -> str | None:
        async with other.write() as tx:
            await leases.take(tx, "bell", "second", NOW, NOW + 20, force=True)
            return await remembered.recall(tx, "key")

    async with store.write() as tx:
        takeover = asyncio.create_task(take_over())
        await asyncio.sleep(0.1)
        await remembered.remember(tx, "key", "in time", NOW)

    assert await takeover == "in time"


async def test_a_lock_held_too_long_is_busy(store: Store, other: Store, engine: str) -> None:
    """Waiting for a lock ends as StoreBusy, and afterwards the store works as before."""
    async with store.write() as tx:
        await remembered.remember(tx, "key", "value", NOW)
        with pytest.raises(StoreBusy):
            await hurry_and_write(other, engine)

    async with other.write() as tx:
        await remembered.remember(tx, "key", "other", NOW)
    assert await remembered_by(store) == "other"


async def hurry_and_write(store: Store, engine: str) -> None:
    if engine == "sqlite":
        await store._writer.hop(lambda db: db.execute("PRAGMA busy_timeout = 50"))  # type: ignore[attr-defined]
    async with store.write() as tx:
        if engine == "postgres":
            await tx.run("SET LOCAL lock_timeout = '50ms'")
        await remembered.remember(tx, "key", "other", NOW)


async def test_closing_waits_for_the_writer(url: str) -> None:
    """A write under way when the store is closed is still committed."""
    store = await open_store(url)
    begun = asyncio.Event()

    async def slowly() -> None:
        async with store.write() as tx:
            begun.set()
            await asyncio.sleep(0.05)
            await remembered.remember(tx, "key", "value", NOW)

    task = asyncio.create_task(slowly())
    await begun.wait()
    await store.close()
    await task

    again = await open_store(url)
    assert await remembered_by(again) == "value"
    await again.close()


@pytest.mark.parametrize("url", ["mysql://a:s3cret@b/c", "sqlite:///", "postgresql:/a:s3cret@b"])
async def test_an_address_of_another_kind_is_refused(url: str) -> None:
    """The answer to an unknown address shows a right one, without repeating the wrong one."""
    with pytest.raises(StoreBroken, match="begins with sqlite:///") as caught:
        await open_store(url)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))
