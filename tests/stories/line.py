"""Stories on a platform that does not exist, in words and buttons over a socket."""

from collections.abc import Sequence

from bot.core.clock import HandClock
from bot.core.core import Core
from tests.servers.line import BOT, LineServer, Said
from tests.stories.stage import Seen, Stage

ROOM = "general"


class LineStage(Stage):
    name = "line"

    def __init__(self, core: Core, clock: HandClock, server: LineServer) -> None:
        super().__init__(core, clock)
        self._server = server

    async def enter(self, name: str, *, admin: bool) -> None:
        if admin:
            self._server.admins.add(name)
        await self.says(name, "hello")

    async def says(self, name: str, text: str, *, private: bool = False) -> None:
        await self._act(name, "says", f"@{name}" if private else ROOM, text=text)

    async def sends(self, name: str, content: bytes, text: str) -> None:
        await self._act(name, "says", ROOM, text=text, file=content.decode())

    async def answers(self, name: str, text: str) -> None:
        await self._reply(name, self._server.newest(BOT, seen_by=name), text)

    async def replies(self, name: str, to: str, text: str) -> None:
        await self._reply(name, self._server.newest(to), text)

    async def uses(self, name: str, to: str, command: str) -> None:
        await self.replies(name, to, f"/{command}")

    async def reacts(self, name: str, to: str, emoji: str) -> None:
        await self._react(name, to, "reacts", emoji)

    async def unreacts(self, name: str, to: str, emoji: str) -> None:
        await self._react(name, to, "unreacts", emoji)

    async def presses(self, name: str, label: str) -> None:
        carrying = next(each for each in reversed(self._of_bot(name)) if label in dict(each.buttons))
        await self._act(name, "presses", carrying.room, on=carrying.id, line=dict(carrying.buttons)[label])

    async def edits(self, name: str, text: str) -> None:
        newest = self._server.newest(name)
        newest.text = text
        await self._act(name, "edits", newest.room, on=newest.id, text=text)

    def signs(self, name: str) -> set[str]:
        return self._server.newest(name).signs

    def visible(self, name: str) -> Sequence[Seen]:
        return [Seen(each.id, each.text) for each in self._of_bot(name)]

    def picture(self, name: str) -> bytes:
        return next((each.picture for each in reversed(self._of_bot(name)) if each.picture), b"")

    def document(self, name: str) -> bytes:
        return next((each.file for each in reversed(self._of_bot(name)) if each.file), b"")

    def speaks(self, name: str, language: str) -> None:
        self._server.languages[name] = language

    async def _reply(self, name: str, to: Said, text: str) -> None:
        answers = {"id": to.id, "who": to.who, "text": to.text}
        await self._act(name, "says", to.room, text=text, answers=answers)

    async def _react(self, name: str, to: str, does: str, emoji: str) -> None:
        about = self._server.newest(to)
        await self._act(name, does, about.room, on=about.id, whose=to, emoji=emoji)

    def _of_bot(self, name: str) -> list[Said]:
        return [each for each in self._server.said if each.who == BOT and self._server.sees(name, each)]

    async def _act(self, name: str, does: str, room: str, **more: object) -> None:
        """Wait until its events are stored, and everything owed for them is done."""
        await self._server.acts(name, does, room, **more)
        await self.core.settle()
