"""Faults that only a database server can cause."""

import asyncio
import re
import traceback
from collections.abc import Callable

import pytest

from models import remembered
from models.engines import open_store
from models.migrate import migrate
from models.postgres import _numbered, open_postgres
from models.store import StoreBroken, StoreBusy
from tests.models.conftest import NOW


@pytest.mark.parametrize(
    ("named", "numbered", "names"),
    [
        ("SELECT :a, :b, :a", "SELECT $1, $2, $1", ("a", "b")),
        ("SELECT :a::BIGINT", "SELECT $1::BIGINT", ("a",)),
        ("SELECT ':a', 'it''s :b' || :c", "SELECT ':a', 'it''s :b' || $1", ("c",)),
        ("SELECT :a_1 -- not :b\n, :c", "SELECT $1 -- not :b\n, $2", ("a_1", "c")),
    ],
)
def test_names_become_numbers(named: str, numbered: str, names: tuple[str, ...]) -> None:
    """Parameters are numbered in order of appearance; casts, strings and comments stay as they are."""
    assert _numbered(named) == (numbered, names)


async def test_the_password_is_in_no_address(postgres_url: Callable[[], str]) -> None:
    """A store's shown address, which may be logged, has the user and the host, and no password."""
    url = postgres_url().replace("postgres:@", "postgres:s3cret@")
    store = await open_store(url)
    await store.close()

    assert "s3cret" in url
    assert "s3cret" not in store.url
    assert store.url.startswith("postgresql://postgres@/test_")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bob:s3cret@127.0.0.1:1/hearth",
        "postgresql://bob@127.0.0.1:1/hearth?password=s3cret",
        "postgresql://bob:s3cret@127.0.0.1:port/hearth",
        "postgresql://bob:s3cret@127.0.0.1:99999/hearth",
        "postgresql://bob:s3cret@/hearth?host=/nowhere",
        "postgresql://bob:p@s3cret@127.0.0.1:1/hearth",
        "postgresql://bob:s3cret/x@127.0.0.1:1/hearth",
        "postgresql://bob:x?s3cret@127.0.0.1:1/hearth",
        "postgresql://bob@127.0.0.1:1/hearth?password=x@s3cret&application_name=x",
    ],
)
async def test_the_password_is_in_no_error(url: str) -> None:
    """An unreachable server gives one sentence; neither it nor its traceback shows the password."""
    with pytest.raises(StoreBroken, match=r"The database .*\.$") as caught:
        await open_store(url)

    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


async def test_a_database_that_does_not_exist_is_said_so(postgres_url: Callable[[], str]) -> None:
    """The server's own reason is part of the sentence."""
    with pytest.raises(StoreBroken, match='database "nosuch" does not exist'):
        await open_store(re.sub(r"test_\d+", "nosuch", postgres_url()))


async def test_a_cut_connection_is_busy_and_the_next_one_works(postgres_url: Callable[[], str]) -> None:
    """A backend that dies in the middle of a block gives StoreBusy; the pool makes another."""
    store = await open_postgres(postgres_url())
    await migrate(store)

    with pytest.raises(StoreBusy):  # noqa: PT012 - the block is the transaction
        async with store.write() as tx:
            row = await tx.one("SELECT pg_backend_pid() AS pid")
            assert row is not None
            async with store.write() as assassin:
                await assassin.all("SELECT pg_terminate_backend(CAST(:pid AS INTEGER))", pid=row["pid"])
            await remembered.remember(tx, "key", "value", NOW)

    async with store.write() as tx:
        assert await remembered.recall(tx, "key") is None
    await store.close()


async def test_a_deadlock_is_busy(postgres_url: Callable[[], str]) -> None:
    """If two wait for each other, one is told to try again."""
    store = await open_postgres(postgres_url())
    await migrate(store)
    async with store.write() as tx:
        await remembered.remember(tx, "a", "", NOW)
        await remembered.remember(tx, "b", "", NOW)
    both_have_one = asyncio.Barrier(2)

    async def take(first: str, second: str) -> None:
        async with store.write() as tx:
            await remembered.remember(tx, first, first, NOW)
            await both_have_one.wait()
            await remembered.remember(tx, second, first, NOW)

    ends = await asyncio.gather(take("a", "b"), take("b", "a"), return_exceptions=True)
    await store.close()

    assert [type(end) for end in ends if end is not None] == [StoreBusy]


SLOW = (
    "CREATE TABLE slow (id BIGINT)",
    """
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END'
    """,
    """
    CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait()
    """,
)


async def test_cancelled_while_it_commits(postgres_url: Callable[[], str]) -> None:
    """The cancellation arrives as such, the commit is cut short, and the next task finds a clean start."""
    store = await open_store(postgres_url())
    async with store.write() as tx:
        for statement in SLOW:
            await tx.run(statement)
    commits = asyncio.Event()

    async def commit_slowly() -> None:
        async with store.write() as tx:
            await tx.run("INSERT INTO slow (id) VALUES (1)")
            commits.set()

    task = asyncio.create_task(commit_slowly())
    await commits.wait()
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with store.write() as tx:
        assert await tx.all("SELECT id FROM slow") == []
    await store.close()
