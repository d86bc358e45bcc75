"""Performs a script of acts line by line, for tests, for transcripts in the documentation, and for pipes."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from adapters.console.acts import Misstep, parse
from adapters.console.client import Console, Write, to_terminal
from bot.core.core import Core


class ScriptError(Exception):
    """A line that could not be performed; the lines before it were."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"line {line}: {text}")
        self.line = line
        self.text = text


async def run_script(core: Core, lines: Iterable[str], write: Write = to_terminal, images: Path | None = None) -> None:
    """Perform every act in order; with a HandClock in the core, time passes only where the script says so."""
    console = Console(core, write, images)
    core.plug(console)
    coming, number = iter(lines), 0
    # In a thread, because standard input may be slow, and the leases must be renewed meanwhile.
    while (line := await asyncio.to_thread(next, coming, None)) is not None:
        number += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            await console.act(parse(line, console.scene.names))
        except Misstep as misstep:
            raise ScriptError(number, str(misstep)) from None
