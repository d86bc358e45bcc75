"""The stages: a story that takes `stage` is told on all three, a core story also on the platform that is not real."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import adapters
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.config import load, whole
from bot.host.registry import open_house
from tests import stores
from tests.servers.discord import DiscordServer
from tests.servers.discord_gateway import MESSAGE_CONTENT
from tests.servers.line import TOKEN, LineServer
from tests.servers.telegram import TelegramServer
from tests.stories.console import ConsoleStage
from tests.stories.discord import DiscordStage
from tests.stories.line import LineStage
from tests.stories.stage import Stage
from tests.stories.telegram import Hurried, TelegramStage

#: 2026-03-01, a Sunday noon
BEGIN = 1_772_366_400_000


@asynccontextmanager
async def a_core(folder: Path) -> AsyncIterator[tuple[Core, HandClock]]:
    store = await stores.opened(folder, "story.db")
    clock = HandClock(BEGIN)
    try:
        yield Core(store, open_house(), clock), clock
    finally:
        await store.close()


@asynccontextmanager
async def served(core: Core, folder: Path, platform: str, lines: str, **parts: Any) -> AsyncIterator[None]:
    """The real adapter, serving until the story ends."""
    file = folder / "config.toml"
    file.write_text(f"[{platform}]\n{lines}", encoding="utf-8")
    adapter = import_module(f"adapters.{platform}.client").open(core, load(file), **parts)
    core.plug(adapter)
    # The people of a story say in a second what otherwise takes a week.
    core.desk.abilities[platform] = replace(adapter.abilities, pace=None)
    serving = asyncio.create_task(adapter.serve())
    try:
        yield
    finally:
        await adapter.stop()
        await serving


@asynccontextmanager
async def on_console(folder: Path) -> AsyncIterator[Stage]:
    async with a_core(folder) as (core, clock):
        yield ConsoleStage(core, clock, folder / "images")


@asynccontextmanager
async def on_discord(folder: Path, intents: int = 0) -> AsyncIterator[Stage]:
    """Without privileged intents, unless the story needs one."""
    async with a_core(folder) as (core, clock), DiscordServer(clock=clock.now, intents=intents) as server:
        stage = DiscordStage(core, clock, server)
        lines = f'token = "{server.token}"\napi_url = "{server.api_url}"\ngateway_url = "{server.gateway_url}"\n'
        lines += 'message_content = "auto"\n'
        async with served(core, folder, "discord", lines):
            await server.ready()
            core.desk.abilities["discord"] = replace(
                core.desk.abilities["discord"], pace=None
            )  # declared again when connected
            yield stage


@asynccontextmanager
async def on_telegram(folder: Path) -> AsyncIterator[Stage]:
    async with a_core(folder) as (core, clock), TelegramServer(now=lambda: clock.now() / 1000) as server:
        stage = TelegramStage(core, clock, server)
        lines = f'token = "{server.token}"\napi_url = "{server.api_url}"\n'
        async with served(core, folder, "telegram", lines, pace=Hurried()):
            yield stage


@contextmanager
def beside_the_others() -> Iterator[None]:
    """The adapter of the platform that does not exist is found like the real ones while the block runs."""
    adapters.__path__.append(ELSEWHERE)
    whole.cache_clear()
    try:
        yield
    finally:
        adapters.__path__.remove(ELSEWHERE)
        whole.cache_clear()


@asynccontextmanager
async def on_line(folder: Path) -> AsyncIterator[Stage]:
    with beside_the_others():
        async with a_core(folder) as (core, clock):
            server = LineServer(clock.now)
            lines = f'token = "{TOKEN}"\nport = '
            async with server.listening() as port, served(core, folder, "line", f"{lines}{port}\n"):
                yield LineStage(core, clock, server)


#: where the adapters are
ELSEWHERE = str(Path(__file__).parents[1] / "platforms")
STAGES = {"console": on_console, "discord": on_discord, "line": on_line, "telegram": on_telegram}
EVERYWHERE = ("console", "discord", "telegram")
#: abilities that every platform must have; so these stories are told on the one that does not exist, too
CORE = {"test_first_commands", "test_points", "test_questions", "test_tips", "test_reviews", "test_raffles"}
#: platforms where commands are typed as words, so that they can be mistyped
TYPED = ("console", "telegram")


#: platforms where members hold roles
ROLES = ("console", "discord")


def on(request: pytest.FixtureRequest, folder: Path) -> AbstractAsyncContextManager[Stage]:
    """A story marked `words` needs the words of ordinary messages, which Discord has to show us."""
    if request.param == "discord" and request.node.get_closest_marker("words"):
        return on_discord(folder, MESSAGE_CONTENT)
    return STAGES[request.param](folder)


@pytest.fixture(params=ROLES)
async def roles_stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with on(request, tmp_path) as opened:
        yield opened


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "stage" in metafunc.fixturenames:
        core = metafunc.module.__name__.rpartition(".")[2] in CORE
        metafunc.parametrize("stage", [*EVERYWHERE, *(["line"] if core else [])], indirect=True)


@pytest.fixture
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with on(request, tmp_path) as opened:
        yield opened


@pytest.fixture(params=TYPED)
async def typed_stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    async with STAGES[request.param](tmp_path) as opened:
        yield opened
