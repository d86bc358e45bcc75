"""The console for a person, driven through the line editor's own pipe."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console.acts import Act, Presses, Says
from adapters.console.completion import Completions
from adapters.console.prompt import YOU, converse, meant
from adapters.console.scene import HOME, Scene, person
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access
from bot.kit.events import MemberJoined
from tests.adapters.console.conftest import START, OpenCore

ENTER, END, INTERRUPT, UP = "\r", "\x04", "\x03", "\x1b[A"
WELCOME = "→ you (private): welcome, you"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


async def test_conversation(core: Core, keys: PipeInput, tmp_path: Path) -> None:
    """You are welcomed, speak and command as an administrator, speak for others, and leave with Ctrl-D."""
    heard: list[str] = []
    lines = ["", "hello", "/tea pour", "bob: /tea pour", "bob presses Accept", "/tea master @bob", "dance!"]
    keys.send_text(ENTER.join(lines) + ENTER + END)
    await converse(core, tmp_path / "data", heard.append)

    assert heard[0].startswith("Hearth is awake.")
    assert heard[1:] == [
        WELCOME,
        "→ #general: you poured it away",
        "→ #general: bob poured it away",
        "(bob sees no button Accept)",
        "→ #general: so be it",
        "* role Tea master → bob",
    ]


async def test_interrupt(core: Core, keys: PipeInput, tmp_path: Path) -> None:
    """Ctrl-C drops the line and nothing else."""
    heard: list[str] = []
    keys.send_text(f"/tea po{INTERRUPT}")
    task = asyncio.create_task(converse(core, tmp_path, heard.append))
    await asyncio.sleep(0.2)
    keys.send_text(f"/tea pour{ENTER}{END}")
    await task

    assert heard[1:] == [WELCOME, "→ #general: you poured it away"]


async def test_again(open_core: OpenCore, keys: PipeInput, tmp_path: Path) -> None:
    """On the second start there is no welcome, and the arrow key brings back earlier lines."""
    keys.send_text(f"/tea pour{ENTER}{END}")
    await converse(await open_core(), tmp_path, lambda _: None)
    heard: list[str] = []
    task = asyncio.create_task(converse(await open_core(), tmp_path, heard.append))
    await asyncio.sleep(0.2)
    keys.send_text(f"{UP}{ENTER}{END}")
    await task

    assert heard[1:] == ["→ #general: you poured it away"]


async def test_timers(core: Core, keys: PipeInput, tmp_path: Path) -> None:
    """What falls due while nobody types is shown at once."""
    heard: list[str] = []
    keys.send_text(f"/tea call{ENTER}")
    task = asyncio.create_task(converse(core, tmp_path, heard.append))
    async with asyncio.timeout(10):
        while "→ #general: tea is ready" not in heard:
            await asyncio.sleep(0.02)
        assert isinstance(core.clock, HandClock)
        core.clock.move(START + 60_000)
        while heard[-1] != "* deleted #general: tea is ready":
            await asyncio.sleep(0.02)
    keys.send_text(END)
    await task


@pytest.mark.parametrize(
    ("line", "act"),
    [
        ("hello", Says(who=YOU, text="hello")),
        ("/tea pour", Says(who=YOU, text="/tea pour")),
        ("bob: hello", Says(who="bob", text="hello")),
        ("you presses Drink", Presses(who="you", label="Drink")),
        ("[Drink 2]", Presses(who=YOU, label="Drink 2")),
        ("dear all: hello", Says(who=YOU, text="dear all: hello")),
        ("https://example.org", Says(who=YOU, text="https://example.org")),
        ("/tea brew a: b", Says(who=YOU, text="/tea brew a: b")),
        ("# yes", Says(who=YOU, text="# yes")),
    ],
)
def test_meaning(line: str, act: Act) -> None:
    """An act is an act; anything else is what you say."""

    assert meant(line) == act


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/tea b", ["/tea brew"]),
        ("/tea m", ["/tea menu", "/tea master", "/tea many"]),
        ("hello", []),
        ("/tea brew gr", ['/tea brew "green needle"']),
        ("/tea brew ", ['/tea brew "green needle"', "/tea brew oolong"]),
        ("/tea brew oolong o", ["/tea brew oolong on", "/tea brew oolong off"]),
        ("/tea brew oolong on @b", ["/tea brew oolong on @bob"]),
        ("/tea brew oolong on @bob ", []),
        ("/tea pour ", []),
        ("/settings set community.lang", ["/settings set community.language"]),
        ("/settings set community.language z", ["/settings set community.language zh-CN"]),
        ("/nothing ", []),
    ],
)
async def test_completion(core: Core, typed: str, offered: list[str]) -> None:
    """Tab offers commands, then values of each option: from the store, the declaration and the scene."""
    await core.absorb([MemberJoined(cause="console:join:you", at=START, who=person(YOU), spot=HOME)])
    scene = Scene()
    scene.rank(YOU, Access.ADMIN)
    scene.names.add("bob")
    document = Document(typed)
    found = [
        completion
        async for completion in Completions(core, scene, YOU).get_completions_async(document, CompleteEvent())
    ]

    assert sorted(completion.text for completion in found) == sorted(offered)
    assert all(completion.start_position == -len(typed) for completion in found)


def test_start_up() -> None:
    """A script does not load the line editor."""
    code = "import sys, adapters.console.script; sys.exit('prompt_toolkit' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
