"""Conversations in the console's own grammar: what members say, and exactly what they hear."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.console import client
from adapters.console.acts import Says
from adapters.console.client import Console
from adapters.console.script import ScriptError, run_script
from bot.core.clock import SystemClock
from bot.core.core import Core
from bot.host.config import Config
from bot.kit import Effect
from bot.kit.errors import Refused
from bot.kit.platform import Delivery
from tests.adapters.console.conftest import OpenCore, Perform
from tests.adapters.console.tea import PNG

#: lines with `> ` are said, the rest is heard, below the title
CONVERSATIONS = {
    title: talk.strip("\n")
    for title, _, talk in (
        part.partition("\n")
        for part in (Path(__file__).parent / "conversations.txt").read_text(encoding="utf-8").split("== ")[1:]
    )
}

MISSTEPS = {
    "ann: hi\n\nann dances": (3, "not understood: ann dances"),
    "ann presses Accept": (1, "ann sees no button Accept"),
    "ann: /tea brew oolong\nann presses Drink 2": (2, "ann sees no button Drink 2"),
    "ann: /tea brew oolong\nann presses Drink 0": (2, "ann sees no button Drink 0"),
    "ann: /tea brew oolong\nann presses Drink\nann presses Drink": (3, "ann sees no button Drink"),
    "ann: /tea secret\nbob presses Take": (2, "bob sees no button Take"),
    "# nobody spoke\nann reacts 👍 to bob": (2, "no message of bob stands here"),
    "bob@dm: psst\nann replies to bob: what?": (2, "no message of bob stands here"),
    "ann sends no/tea.csv: /tea copy": (1, "no/tea.csv cannot be read: No such file or directory"),
    "ann edits: x": (1, "no message of ann stands here"),
    "ann: hi\nann deletes\nann deletes": (3, "no message of ann stands here"),
    "ann: /tea many\nhearth deletes": (2, "hearth speaks for itself"),
    "clock +soon": (1, "not a duration such as 3d12h: soon"),
    "Mary Ann: hi": (1, "not understood: Mary Ann: hi"),
}


@pytest.mark.parametrize("title", CONVERSATIONS)
async def test_conversations(title: str, core: Core) -> None:
    """After each act exactly these lines are heard, in this order."""
    talk = CONVERSATIONS[title]
    heard: list[str] = []

    def said() -> Iterator[str]:
        for line in talk.splitlines():
            if line.startswith(">"):
                heard.append(line)
                yield line.removeprefix(">")

    await run_script(core, said(), heard.append)

    assert "\n".join(heard) == talk


async def test_hostile_words(perform: Perform) -> None:
    """A member's words cannot control the terminal, neither in a command nor in their name."""
    heard = await perform('an\x1b[2Jn: /tea brew "\u202eoolong"')

    assert heard == "→ #general: \ufffdoolong, hot, for an[2Jn\n  [Drink] [Pour away]"


@pytest.mark.parametrize("script", MISSTEPS)
async def test_missteps(script: str, perform: Perform) -> None:
    """A senseless act stops the script, with its line and the reason."""
    line, reason = MISSTEPS[script]

    with pytest.raises(ScriptError) as caught:
        await perform(script)
    assert (caught.value.line, caught.value.text) == (line, reason)
    assert str(caught.value) == f"line {line}: {reason}"


async def test_before_a_misstep(core: Core) -> None:
    """Acts before the wrong one are performed and heard."""
    heard: list[str] = []

    with pytest.raises(ScriptError):
        await run_script(core, ["ann: /tea pour", "ann dances", "ann: /tea pour"], heard.append)
    assert heard == ["→ #general: ann poured it away"]


async def test_again(open_core: OpenCore) -> None:
    """The same script on the same database counts again: people do say the same things again."""
    script = ["echo: hello", "echo: /tea pour", "echo reacts 👍 to echo", "echo joins"]
    heard: list[list[str]] = []
    for _ in range(3):
        heard.append([])
        await run_script(await open_core(), script, heard[-1].append)

    assert len(heard[0]) == 4
    assert heard[1] == heard[2] == heard[0]


async def test_after_a_restart(open_core: OpenCore) -> None:
    """A promise from before a restart is heard on the console that is open when it falls due."""
    heard: list[str] = []
    await run_script(await open_core(), ["ann: /tea brew oolong", "ann presses Drink"], heard.append)
    heard.clear()

    await run_script(await open_core(), ["clock +3d"], heard.append)

    assert heard == ["→ ann (private): oolong again?"]


async def test_a_file_is_handed_in(perform: Perform, tmp_path: Path) -> None:
    """A local file can be handed in with a command; one that is too large is refused."""
    for name, content in (("green.txt", "steep 茶".encode()), ("endless.txt", b"x" * 2**20)):
        (tmp_path / name).write_bytes(content)

    heard = await perform(f"ann sends {tmp_path}/green.txt: /tea copy\nann sends {tmp_path}/endless.txt: /tea copy")

    assert heard.startswith("→ ann (private): green.txt: steep 茶\n→ ann (private): file: the file is too large.")


async def test_pictures_and_documents(perform: Perform, tmp_path: Path) -> None:
    """Pictures and documents are written into the named folder, and nowhere else."""
    await perform("ann: /tea menu")

    assert (tmp_path / "images" / "menu.png").read_bytes() == PNG
    assert (tmp_path / "images" / "menu.csv").read_bytes() == b"tea,price"
    assert not (tmp_path / "menu.png").exists()


async def test_machine_clock(core: Core) -> None:
    """A script does not move the machine's own clock."""
    core.clock = SystemClock()

    with pytest.raises(ScriptError, match="line 1: this clock is the machine's own"):
        await run_script(core, ["clock +1d"], lambda _: None)


async def test_platform(core: Core, capsys: pytest.CaptureFixture[str]) -> None:
    """Opened like any platform, the console writes to standard output and is healthy until it is stopped."""
    console = client.open(core, Config())
    core.plug(console)
    await console.act(Says(who="ann", text="/tea pour"))

    assert capsys.readouterr().out == "→ #general: ann poured it away\n"
    assert console.health() == {"ok": True}
    await console.stop()
    await console.serve()
    assert console.health() == {"ok": False}


async def test_unsupported(core: Core) -> None:
    """What a console cannot show is refused for good."""
    with pytest.raises(Refused, match="unsupported"):
        await Console(core).perform(Delivery(effect=Effect(), key="1"))


async def test_slow_input(core: Core) -> None:
    """While a script waits for its next line, everything else goes on."""
    heard: list[str] = []
    waited = asyncio.Event()
    loop = asyncio.get_running_loop()

    def lines() -> Iterator[str]:
        yield "ann: /tea pour"
        time.sleep(0.1)
        assert waited.is_set()
        yield "ann: /tea pour"

    loop.call_later(0.02, waited.set)
    await run_script(core, lines(), heard.append)

    assert len(heard) == 2
