"""Runs the console for a person at a terminal: a line editor that knows the commands, and effects as they come."""

import asyncio
import locale
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

import structlog
from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout

from adapters.console.acts import Act, Misstep, Presses, Says, parse
from adapters.console.client import Console, Write, to_terminal
from adapters.console.completion import Completions
from adapters.console.scene import HOME, person
from bot.core.core import Core
from bot.kit import Access
from bot.kit.events import MemberJoined
from bot.kit.texts import DEFAULT

log = structlog.get_logger(__name__)

YOU = "you"
#: seconds between checks for what has fallen due
LOOK = 1.0


async def converse(core: Core, folder: Path, write: Write = to_terminal, images: Path | None = None) -> None:
    """Talk until the end of input; the folder keeps the input history."""
    console = Console(core, write, images)
    core.plug(console)
    language = core.catalogue.choose(locale.getlocale()[0])
    console.scene.rank(YOU, Access.ADMIN)
    if language != DEFAULT:  # a user whose machine has the default language may not have chosen it
        console.scene.speak(YOU, language)
    session = _editor(console, folder)
    with patch_stdout():
        write(core.catalogue.plain(language, "console.welcome"))
        # Known from the start, so that suggestions exist before the first word; recorded only once.
        await core.absorb([MemberJoined(cause=f"console:join:{YOU}", at=core.clock.now(), who=person(YOU), spot=HOME)])
        await console.settle()
        looking = asyncio.create_task(_look(console), name="console timers")
        try:
            await _listen(console, session, write)
        finally:
            looking.cancel()
            await asyncio.wait([looking])


def _editor(console: Console, folder: Path) -> PromptSession[str]:
    folder.mkdir(parents=True, exist_ok=True)
    history = FileHistory(folder / "console.history")
    return PromptSession("> ", history=history, completer=Completions(console.core, console.scene, YOU))


async def _listen(console: Console, session: PromptSession[str], write: Write) -> None:
    while True:
        try:
            line = (await session.prompt_async()).strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line:
            try:
                await console.act(meant(line, console.scene.names))
            except Misstep as misstep:
                write(f"({misstep})")


def meant(line: str, known: Container[str] = ()) -> Act:
    """The act of a line: `[Accept]` as shown is a press; what reads as an act is one; anything else is said."""
    if line.startswith("[") and line.endswith("]"):
        return Presses(who=YOU, label=line[1:-1])
    if not line.startswith("/"):
        with suppress(Misstep):
            return parse(line, known)
    return Says(who=YOU, text=line)


async def _look(console: Console) -> None:
    while True:
        await asyncio.sleep(LOOK)
        try:
            await console.settle()
        except Exception:
            log.exception("timers wait")
