"""What people do on a Telegram of our own: say, react, press, join; the bot acts through the methods."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .telegram_chats import Chat, Group, Private
from .telegram_members import Membership
from .telegram_messages import Message, Press, Topic
from .telegram_text import Entity, compose
from .telegram_till import PATIENCE, Purchase
from .telegram_updates import SOON, Json

if TYPE_CHECKING:
    from .telegram_world import World


@dataclass(eq=False, kw_only=True)
class Person:
    world: World
    id: int
    name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    #: The private chat with the bot, which the bot cannot open.
    private: Private = field(init=False)

    def __post_init__(self) -> None:
        self.private = Private(world=self.world, id=self.id, type="private", person=self)

    def wire(self) -> Json:
        language = {"language_code": self.language} if self.language else {}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.name, **self.known_username(), **language}

    def known_username(self) -> Json:
        return {"username": self.username} if self.username else {}

    def mention(self) -> tuple[str, Entity | None]:
        return (f"@{self.username}", None) if self.username else (self.name, self.wire())

    async def says(
        self,
        place: Chat,
        text: str,
        *,
        reply_to: Message | None = None,
        topic: Topic | None = None,
        mention: Sequence[Person] = (),
        photo: bytes | None = None,
        document: tuple[str, bytes] | None = None,
    ) -> Message:
        """Each person of `mention` replaces a {} in the text."""
        self._must_be_in(place)
        if isinstance(place, Private):
            self.unblocks_bot()
        text, entities = compose(text, [one.mention() for one in mention])
        content = {"text": text, "html": text, "entities": entities, "photo": photo, "document": document}
        message = self.world.post(place, self, reply_to=reply_to, topic=topic or _topic_of(reply_to), **content)
        return await self._tell("message", message)

    async def says_as_anonymous_admin(self, place: Group, text: str) -> Message:
        self._must_be_in(place)
        text, entities = compose(text, ())
        message = self.world.post(place, self, text=text, html=text, entities=entities, is_anonymous=True)
        return await self._tell("message", message)

    async def edits(self, message: Message, text: str) -> Message:
        text, entities = compose(text, ())
        message.text, message.html, message.entities = text, text, entities
        message.edit_date = self.world.now()
        return await self._tell("edited_message", message)

    async def reacts(self, message: Message, *emoji: str) -> None:
        """Replaces this person's reactions; without emoji they are removed."""
        self._must_be_in(message.chat)
        before, message.reactions[self.id] = message.reactions.get(self.id, []), list(emoji)
        self.world.reacted(message, self, before)
        await asyncio.sleep(0)

    async def unreacts(self, message: Message, *emoji: str) -> None:
        """Removes these reactions, or all when none is named."""
        kept = [one for one in message.reactions.get(self.id, ()) if emoji and one not in emoji]
        await self.reacts(message, *kept)

    async def presses(
        self, message: Message, label: str = "", *, nth: int = 1, data: str | None = None, timeout: float = SOON
    ) -> Press:
        """Waits for the bot's answer unless timeout is 0; `data` presses what an old client still shows."""
        if not getattr(message.chat, "is_public", False):
            self._must_be_in(message.chat)
        if data is None:
            found = [one for one in message.buttons if label in one["text"] and "callback_data" in one]
            if len(found) < nth:
                raise LookupError(f"no button {label!r} number {nth} among {message.labels}")
            data = str(found[nth - 1]["callback_data"])
        press = self.world.press(self, message, data)
        return await press.answered(timeout) if timeout else press

    async def votes(self, message: Message, *options: int) -> None:
        """Votes for these options, counted from 0; no option takes the vote back."""
        self._must_be_in(message.chat)
        poll = message.poll
        if poll is None or poll.is_closed(self.world.now()) or (self.id in poll.votes and not poll.allows_revoting):
            raise PermissionError(f"{self.name} cannot vote there")
        if len(options) > 1 and not poll.allows_multiple_answers:
            raise PermissionError("only one answer is allowed")
        self.world.voted(self, poll, options)
        await asyncio.sleep(0)

    async def pays(self, what: Message | str, *, timeout: float = PATIENCE) -> Purchase:
        """Pays the invoice in a message or behind a link, once the bot agrees; DeclinedError when it does not."""
        invoice = what.invoice if isinstance(what, Message) else self.world.till.invoices[what]
        if invoice is None:
            raise LookupError("no invoice is in this message")
        chat = what.chat if isinstance(what, Message) else self.private
        return await self.world.till.sells(self, invoice, chat, timeout)

    async def joins(self, group: Group, link: str | None = None) -> None:
        """Joins, or asks to when the link says so."""
        used = group.links[link] if link else None
        if used and not used.admits(self.world.now()):
            raise PermissionError(f"{used.url} has expired")
        if used and used.creates_join_request:
            self.world.asked_to_join(group, self, used)
        else:
            self.world.joined(group, self, used)
        await asyncio.sleep(0)

    async def leaves(self, group: Group) -> None:
        group.change(self, Membership())
        left = {"left_chat_member": self.wire()}
        self.world.tell("message", self.world.post(group, self, service=left))
        await asyncio.sleep(0)

    def blocks_bot(self) -> None:
        self.private.block(blocked=True)

    def unblocks_bot(self) -> None:
        self.private.is_started = True
        if self.private.is_blocked:
            self.private.block(blocked=False)

    def _must_be_in(self, place: Chat) -> None:
        if not place.holds(self):
            raise PermissionError(f"{self.name} is not in chat {place.id}")
        if isinstance(place, Group) and not place.may_write(self):
            raise PermissionError(f"{self.name} may not write in chat {place.id}")

    async def _tell(self, kind: str, message: Message) -> Message:
        self.world.tell(kind, message)
        await asyncio.sleep(0)
        return message


def _topic_of(message: Message | None) -> Topic | None:
    return message.topic if message else None
