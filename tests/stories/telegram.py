"""Stories in Telegram's grammar: words in a group, inline buttons, replies that come as promises, over the real Bot."""

from collections import defaultdict
from collections.abc import Sequence

from adapters.telegram.pace import Pace
from bot.core.clock import HandClock
from bot.core.core import Core
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Message, Person
from tests.stories.stage import Seen, Stage


class Hurried(Pace):
    """A story's clock stands still while it is told, so really waiting for a turn would prove nothing."""

    async def turn(self, chat: int, *, urgent: bool = False) -> None:
        del chat, urgent


class TelegramStage(Stage):
    name = "telegram"

    def __init__(self, core: Core, clock: HandClock, server: TelegramServer) -> None:
        super().__init__(core, clock)
        self._server = server
        self._group = server.group("Hearth")
        self._here: dict[str, Person] = {}
        #: what was shown to people who pressed a button, each with the number of messages before it
        self._asides: defaultdict[str, list[tuple[int, Seen]]] = defaultdict(list)

    async def enter(self, name: str, *, admin: bool) -> None:
        person = self._server.user(name, username=name, language="en")
        self._here[name] = person
        self._group.add(person, status="creator" if admin else "member")
        await person.says(self._group, "hello")
        await person.says(person.private, "/start")
        await self._settle()

    async def says(self, name: str, text: str, *, private: bool = False) -> None:
        person = self._here[name]
        await person.says(person.private if private else self._group, text)
        await self._settle()

    async def sends(self, name: str, content: bytes, text: str) -> None:
        await self._here[name].says(self._group, text, document=("points.csv", content))
        await self._settle()

    async def answers(self, name: str, text: str) -> None:
        newest = next(message for message in reversed(self._of_bot(name)))
        await self._here[name].says(newest.chat, text, reply_to=newest)
        await self._settle()

    async def replies(self, name: str, to: str, text: str) -> None:
        await self._here[name].says(self._group, text, reply_to=self._newest(to))
        await self._settle()

    async def uses(self, name: str, to: str, command: str) -> None:
        await self.replies(name, to, f"/{command}")

    async def reacts(self, name: str, to: str, emoji: str) -> None:
        await self._here[name].reacts(self._newest(to), emoji)
        await self._settle()

    async def unreacts(self, name: str, to: str, emoji: str) -> None:
        await self._here[name].unreacts(self._newest(to), emoji)
        await self._settle()

    async def presses(self, name: str, label: str) -> None:
        carrying = next(message for message in reversed(self._of_bot(name)) if label in message.labels)
        press = await self._here[name].presses(carrying, label)
        if press.text:
            self._asides[name].append((len(self._of_bot(name)), Seen(f"press/{press.id}", press.text)))
        await self._settle()

    async def edits(self, name: str, text: str) -> None:
        await self._here[name].edits(self._newest(name), text)
        await self._settle()

    def signs(self, name: str) -> set[str]:
        return set(self._newest(name).reactions.get(self._server.bot.id, ()))

    def visible(self, name: str) -> Sequence[Seen]:
        seen = [Seen(f"{message.chat.id}/{message.id}", message.text) for message in self._of_bot(name)]
        for before, aside in reversed(self._asides[name]):
            seen.insert(before, aside)
        return seen

    def picture(self, name: str) -> bytes:
        seen = [each.photo for each in self._of_bot(name) if each.photo]
        return seen[-1] if seen else b""

    def document(self, name: str) -> bytes:
        given = [each.document[1] for each in self._of_bot(name) if each.document]
        return given[-1] if given else b""

    def speaks(self, name: str, language: str) -> None:
        self._here[name].language = language

    def _newest(self, name: str) -> Message:
        """The newest message of this person in the group."""
        person = self._here[name]
        seen = self._server.visible_to(person)
        return next(each for each in reversed(seen) if each.sender is person and each.chat is self._group)

    def _of_bot(self, name: str) -> list[Message]:
        seen = self._server.visible_to(self._here[name])
        return [each for each in seen if each.sender.id == self._server.bot.id and not each.is_deleted]

    async def _settle(self) -> None:
        """Wait until everything said is absorbed, and everything owed for it is done."""
        await self._server.settled()
        await self.core.settle()
