"""Stories in Discord's grammar: slash commands with typed options, buttons, ephemeral replies, over the real client."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit.grammar import parse
from bot.kit.invocation import Line
from bot.kit.options import Kind
from tests.servers.discord import Answer, DiscordServer, File, Message, Person
from tests.stories.stage import Seen, Stage

ADMINISTRATOR = 1 << 3


class DiscordStage(Stage):
    name = "discord"

    def __init__(self, core: Core, clock: HandClock, server: DiscordServer) -> None:
        super().__init__(core, clock)
        self._server = server
        self._guild = server.guild("Hearth")
        self._general = self._guild.channel("general")
        self._here: dict[str, Person] = {}
        #: the answer with the form that each person has open
        self._forms: dict[str, Answer] = {}

    async def enter(self, name: str, *, admin: bool) -> None:
        person = self._guild.member(name, locale="en-US", permissions=ADMINISTRATOR if admin else 0)
        self._here[name] = person
        await self._absorbed(await person.says(self._general, "hello"))

    async def says(self, name: str, text: str, *, private: bool = False) -> None:
        person = self._here[name]
        channel = person.dm if private else self._general
        if not text.startswith("/"):
            await self._absorbed(await person.says(channel, text))
            return
        command, given = parse(Line.of(text), self.core.house.commands)
        options = {
            each.name: self._typed(each.kind, given[each.name]) for each in command.options if given.get(each.name)
        }
        long = {each.name: options.pop(each.name) for each in command.options if each.long and each.name in options}
        await self._done(name, await person.slash(channel, command.name, options))
        if long:
            await self._done(name, await person.submits(self._forms.pop(name), long))

    async def sends(self, name: str, content: bytes, text: str) -> None:
        """Uses the form that asks for it."""
        person, (command, _) = self._here[name], parse(Line.of(text), self.core.house.commands)
        option = next(each.name for each in command.options if each.kind is Kind.FILE)
        await self._done(name, await person.slash(self._general, command.name))
        handed = File(filename="points.csv", content=content, content_type="text/csv")
        await self._done(name, await person.submits(self._forms.pop(name), {option: handed}))

    async def answers(self, name: str, text: str) -> None:
        """Uses the open form, or a reply."""
        person = self._here[name]
        if form := self._forms.pop(name, None):
            await self._done(name, await person.submits(form, {_first_field(form): text}))
            return
        newest = next(message for message in reversed(self._server.visible_to(person)) if message.author.bot)
        await self._absorbed(await person.says(self._general, text, reply_to=newest))

    async def replies(self, name: str, to: str, text: str) -> None:
        await self._absorbed(await self._here[name].says(self._general, text, reply_to=self._newest(to)))

    async def uses(self, name: str, to: str, command: str) -> None:
        shown = self.core.catalogue.option("en", f"{command.replace(' ', '.')}.menu") or command
        await self._done(name, await self._here[name].uses(self._newest(to), shown))

    async def reacts(self, name: str, to: str, emoji: str) -> None:
        message, person = self._newest(to), self._here[name]
        await person.reacts(message, emoji)
        await self._until(f"discord:react:{message.id}:{person.id}:{emoji}")

    async def unreacts(self, name: str, to: str, emoji: str) -> None:
        message, person = self._newest(to), self._here[name]
        await person.unreacts(message, emoji)
        await self._until(f"discord:react:{message.id}:{person.id}:{emoji}", stands=False)

    async def presses(self, name: str, label: str) -> None:
        await self._done(name, await self._here[name].presses(None, label))

    async def edits(self, name: str, text: str) -> None:
        message = await self._here[name].edits(self._newest(name), text)
        edited_at = round(message.edited_at.timestamp() * 1000) if message.edited_at else 0
        await self._until(f"discord:edit:{message.id}:{edited_at}")

    def signs(self, name: str) -> set[str]:
        reactions = self._newest(name).reactions.items()
        return {emoji for emoji, users in reactions if self._server.world.bot in users}

    def visible(self, name: str) -> Sequence[Seen]:
        return [
            Seen(message.id, self._plain(message.text))
            for message in self._server.visible_to(self._here[name])
            if message.author.bot
        ]

    def picture(self, name: str) -> bytes:
        return self._newest_file(name, lambda kind: kind.startswith("image/"))

    def document(self, name: str) -> bytes:
        return self._newest_file(name, lambda kind: not kind.startswith("image/"))

    def _newest_file(self, name: str, wanted: Callable[[str], bool]) -> bytes:
        seen = [file for each in self._server.visible_to(self._here[name]) for file in each.attachments]
        found = [content for kind, content in (self._server.world.files[file["id"]] for file in seen) if wanted(kind)]
        return found[-1] if found else b""

    def role(self, name: str) -> None:
        self._guild.role(name)

    def holds(self, name: str) -> set[str]:
        return set(self._guild.roles_of(self._here[name]))

    def speaks(self, name: str, language: str) -> None:
        self._here[name].user.locale = language

    async def _done(self, name: str, answer: Answer) -> None:
        await answer.done()
        if answer.modal:
            self._forms[name] = answer
        await self.core.settle()

    async def _absorbed(self, message: Message) -> None:
        await self._until(f"discord:msg:{message.id}")

    async def _until(self, cause: str, *, stands: bool = True) -> None:
        """Wait until the bot has absorbed this, or its removal, and done what follows."""
        async with asyncio.timeout(5):
            while await self._stands(cause) is not stands:
                await asyncio.sleep(0.01)
        await self.core.settle()

    async def _stands(self, cause: str) -> bool | None:
        """Whether its fact stands; None if it was never heard of."""
        async with self.core.store.read() as tx:
            fact = await tx.one("SELECT retracted_at FROM activity WHERE cause = :cause", cause=cause)
        return None if fact is None else fact["retracted_at"] is None

    def _newest(self, name: str) -> Message:
        """The newest message of this person in the channel."""
        return next(each for each in reversed(self._general.messages) if each.author is self._here[name].user)

    def _typed(self, kind: Kind, word: Any) -> Any:
        """A word of the story as Discord's client would have sent it."""
        match kind:
            case Kind.MEMBER:
                return self._here[str(word).removeprefix("@")]
            case Kind.PLACE:
                return self._guild.channel(str(word).removeprefix("#"))
            case Kind.ROLE:
                return next(role for role in self._guild.roles.values() if role.name == str(word).removeprefix("@"))
            case Kind.WHOLE:
                return int(word)
            case Kind.YES_NO:
                return word == "on"
        return word

    def _plain(self, text: str) -> str:
        """What a person reads after the client drew marks and mentions; people have the names of the story."""
        for name, person in self._here.items():
            text = re.sub(rf"\b{name.title()}\b", name, text.replace(person.mention, name))
        return text.replace("\\", "").replace("`", "").replace("**", "")


def _first_field(form: Answer) -> str:
    """The first field that must be filled in."""
    parts = [part["component"] for part in (form.modal or {})["components"]]
    return str(next(part["custom_id"] for part in parts if part["required"]))
