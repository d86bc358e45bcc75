"""Every test of the store runs on both engines, always."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from models.communities import create_community
from models.engines import open_store
from models.ids import Ids
from models.migrate import migrate
from models.store import Store, Tx
from tests import stores

HOME = 1
AWAY = 2
NOW = 1_800_000_000_000


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def postgres_shared(postgres_url: Callable[[], str]) -> str:
    return postgres_url()


@pytest.fixture
def empty_url(engine: str, tmp_path: Path, postgres_url: Callable[[], str]) -> str:
    """A database without a single table."""
    return postgres_url() if engine == "postgres" else f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
async def url(engine: str, tmp_path: Path, postgres_shared: str) -> str:
    """A database with all tables, all empty."""
    if engine == "sqlite":
        store = await stores.opened(tmp_path)
    else:
        store = await open_store(postgres_shared)
        await migrate(store)
        async with store.write() as tx:
            rows = await tx.all("SELECT tablename FROM pg_tables WHERE schemaname = CURRENT_SCHEMA()")
            tables = sorted({row["tablename"] for row in rows} - {"schema_version"})
            await tx.run(f"TRUNCATE {', '.join(tables)}")
    await store.close()
    return str(store.url)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url)
    yield opened
    await opened.close()


@pytest.fixture
async def other(url: str) -> AsyncIterator[Store]:
    """The same database, opened as by another process."""
    opened = await open_store(url)
    yield opened
    await opened.close()


@pytest.fixture
async def tx(store: Store) -> AsyncIterator[Tx]:
    """A transaction in which two communities exist."""
    async with store.write() as opened:
        await create_community(opened, HOME, "Home", NOW)
        await create_community(opened, AWAY, "Away", NOW)
        yield opened


@pytest.fixture
def ids() -> Ids:
    return Ids(1)
