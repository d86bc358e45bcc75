"""A house with the core's own capabilities and one for tests, on a real database, used through the console."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from adapters.console.script import run_script
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.registry import open_house
from bot.kit import texts
from bot.kit.capability import House
from bot.kit.texts import Catalogue
from models.store import Store
from tests import stores
from tests.adapters.console.tea import WORDS, tea

START = 1_800_000_000_000

OpenCore = Callable[[], Awaitable[Core]]
Perform = Callable[[str], Awaitable[str]]


@pytest.fixture
async def open_core(tmp_path: Path) -> AsyncIterator[OpenCore]:
    """Each call opens the same database as a new process would."""
    (tmp_path / "words" / "en").mkdir(parents=True)
    (tmp_path / "words" / "en" / "words.toml").write_text(WORDS, encoding="utf-8")
    catalogue = Catalogue(folders=(Path(texts.__file__).parents[1] / "locales", tmp_path / "words"))
    house = House.of([*open_house().capabilities, tea])
    used: list[Store] = []

    async def opened() -> Core:
        store = await stores.opened(tmp_path)
        used.append(store)
        return Core(store, house, HandClock(START), catalogue)

    yield opened
    for store in used:
        await store.close()


@pytest.fixture
async def core(open_core: OpenCore) -> Core:
    return await open_core()


@pytest.fixture
def perform(core: Core, tmp_path: Path) -> Perform:
    """The transcript of a script; each call uses a new console."""

    async def performed(script: str) -> str:
        heard: list[str] = []
        await run_script(core, script.splitlines(), heard.append, tmp_path / "images")
        return "\n".join(heard)

    return performed
