"""A core on a real SQLite file, with a platform that records what it should perform."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import structlog

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit.capability import House
from bot.kit.texts import Catalogue
from models.engines import open_store
from models.migrate import migrate
from models.store import Store
from tests import stores
from tests.bot.recorder import LOBBY, NOON, Recorder, posted
from tests.bot.trial import Trial

LOCALES = Path(__file__).parents[2] / "bot" / "locales"
WORDS = Path(__file__).parent / "words"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """The errors that these tests cause would fill the screen."""

    def drop(*_: object) -> NoReturn:
        raise structlog.DropEvent

    structlog.configure(processors=[drop])
    yield
    structlog.reset_defaults()


@pytest.fixture
def trial() -> Trial:
    return Trial()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await stores.opened(tmp_path)
    yield store
    await store.close()


@pytest.fixture(scope="session")
def words() -> Catalogue:
    """All words of the house, and those of the trial."""
    return Catalogue((LOCALES, WORDS))


@pytest.fixture
def core(store: Store, clock: HandClock, trial: Trial, recorder: Recorder, words: Catalogue) -> Core:
    """The whole house with all its capabilities, and the trial."""
    house = House.of([*open_house().capabilities, trial.capability])
    made = Core(store, house, clock, words)
    made.plug(recorder)
    return made


@pytest.fixture
async def two(postgres_url: Callable[[], str], clock: HandClock) -> AsyncIterator[tuple[Core, Core]]:
    """For the database, these are two processes on one PostgreSQL."""
    url = postgres_url()
    both = [await open_store(url), await open_store(url)]
    await migrate(both[0])
    cores = [Core(store, open_house(), clock) for store in both]
    for core in cores:
        core.plug(Recorder())
    yield cores[0], cores[1]
    for store in both:
        await store.close()


@pytest.fixture
async def home(core: Core) -> int:
    """A community that began with somebody's message."""
    await core.absorb([posted("first")])
    return await home_of(core)


async def home_of(core: Core) -> int:
    async with core.store.read() as tx:
        row = await tx.one("SELECT community_id FROM place WHERE external_id = :id", id=LOBBY.id)
    assert row is not None
    return int(row["community_id"])
