"""Stories in the console's grammar: acts go in, printed effects come out."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from pathlib import Path

from adapters.console.acts import parse
from adapters.console.client import Console
from bot.core.clock import HandClock
from bot.core.core import Core
from tests.stories.stage import Seen, Stage


class ConsoleStage(Stage):
    name = "console"

    def __init__(self, core: Core, clock: HandClock, images: Path) -> None:
        super().__init__(core, clock)
        self._images = images
        self._numbers = count()
        self._printed: list[Seen] = []
        self._console = Console(core, self._print, images)
        core.plug(self._console)

    async def enter(self, name: str, *, admin: bool) -> None:
        await self._act(f"{name} joins")
        if admin:
            await self._act(f"admin {name}")
        await self._act(f"{name}: hello")

    async def says(self, name: str, text: str, *, private: bool = False) -> None:
        await self._act(f"{name}@dm: {text}" if private else f"{name}: {text}")

    async def sends(self, name: str, content: bytes, text: str) -> None:
        file = self._images.with_name("points.csv")
        file.write_bytes(content)
        await self._act(f"{name} sends {file}: {text}")

    async def passes(self, **time: float) -> None:
        self.turn()
        await self._act(f"clock +{round(timedelta(**time).total_seconds())}s")

    async def answers(self, name: str, text: str) -> None:
        await self._act(f"{name} replies to hearth: {text}")

    async def replies(self, name: str, to: str, text: str) -> None:
        await self._act(f"{name} replies to {to}: {text}")

    async def uses(self, name: str, to: str, command: str) -> None:
        await self.replies(name, to, f"/{command}")

    async def reacts(self, name: str, to: str, emoji: str) -> None:
        await self._act(f"{name} reacts {emoji} to {to}")

    async def unreacts(self, name: str, to: str, emoji: str) -> None:
        await self._act(f"{name} unreacts {emoji} to {to}")

    async def presses(self, name: str, label: str) -> None:
        await self._act(f"{name} presses {label}")

    async def edits(self, name: str, text: str) -> None:
        await self._act(f"{name} edits: {text}")

    def signs(self, name: str) -> set[str]:
        newest = self._console.scene.newest(name, seen_by=name).id
        return {emoji for message, emoji in self._console.scene.marks if message == newest}

    def visible(self, name: str) -> Sequence[Seen]:
        """What is said publicly, and what is told to this person in private."""
        return [each for each in self._printed if "(private):" not in each.text or f" {name} (private):" in each.text]

    def picture(self, name: str) -> bytes:
        shown = [word for each in self.visible(name) for word in re.findall(r"{image ([^}]+)}", each.text)]
        return (self._images / shown[-1]).read_bytes() if shown else b""

    def document(self, name: str) -> bytes:
        given = [word for each in self.visible(name) for word in re.findall(r"{file ([^}]+)}", each.text)]
        return (self._images / given[-1]).read_bytes() if given else b""

    def holds(self, name: str) -> set[str]:
        return {role for role, member in self._console.scene.roles if member == name}

    def speaks(self, name: str, language: str) -> None:
        self._console.scene.languages[name] = language

    async def _act(self, line: str) -> None:
        await self._console.act(parse(line))

    def _print(self, text: str) -> None:
        self._printed.append(Seen(str(next(self._numbers)), text.replace("`", "")))
