"""Messages, topics and pressed buttons on a Telegram of our own, and the JSON of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from mimetypes import guess_type
from typing import TYPE_CHECKING

from .telegram_text import Entity
from .telegram_updates import SOON, Json

if TYPE_CHECKING:
    from .telegram_chats import Chat
    from .telegram_people import Person
    from .telegram_polls import Poll
    from .telegram_till import Invoice
    from .telegram_world import World

GROUP_ANONYMOUS_BOT: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
TOPIC_COLOR = 0x6FB9F0


@dataclass(eq=False, slots=True, kw_only=True)
class Topic:
    id: int
    name: str
    opening: Message
    is_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Something to listen to or to watch."""

    #: voice, audio, video or animation
    kind: str
    name: str
    content: bytes

    def wire(self, file_id: str) -> Json:
        known = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(self.content), "duration": 1}
        return known | ({"width": 1, "height": 1} if self.kind in ("video", "animation") else {})


@dataclass(eq=False, slots=True, kw_only=True)
class Message:
    chat: Chat
    id: int
    date: int
    sender: Person
    #: What everybody reads, and what the bot sent before it was parsed (the same for people).
    text: str = ""
    html: str = ""
    entities: list[Entity] = field(default_factory=list)
    reply_to: Message | None = None
    topic: Topic | None = None
    #: The reply_markup as the bot sent it.
    markup: Json = field(default_factory=dict)
    photo: bytes | None = None
    #: name and content
    document: tuple[str, bytes] | None = None
    clip: Clip | None = None
    poll: Poll | None = None
    invoice: Invoice | None = None
    #: Further fields as on the wire, such as a venue or the origin of a forward.
    facts: Json = field(default_factory=dict)
    #: Fields of a service message, such as new_chat_members.
    service: Json = field(default_factory=dict)
    is_anonymous: bool = False
    is_deleted: bool = False
    edit_date: int | None = None
    #: Emoji by the id of the person who reacted.
    reactions: dict[int, list[str]] = field(default_factory=dict)

    @property
    def is_edited(self) -> bool:
        return self.edit_date is not None

    @property
    def buttons(self) -> list[Json]:
        return [button for row in self.markup.get("inline_keyboard", ()) for button in row]

    @property
    def photo_id(self) -> str:
        return f"photo{self.chat.id}x{self.id}"

    @property
    def document_id(self) -> str:
        return f"document{self.chat.id}x{self.id}"

    @property
    def clip_id(self) -> str:
        return f"clip{self.chat.id}x{self.id}"

    @property
    def is_captioned(self) -> bool:
        """Whether its words are the caption of something else."""
        return self.photo is not None or self.document is not None or self.clip is not None

    @property
    def is_protected(self) -> bool:
        return bool(self.facts.get("has_protected_content"))

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    def wire(self, *, nested: bool = False) -> Json:
        known: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.wire(), **self._signature()}
        if self.topic:
            known |= {"message_thread_id": self.topic.id, "is_topic_message": True}
        if self.edit_date is not None:
            known["edit_date"] = self.edit_date
        replied = self.reply_to or (self.topic.opening if self.topic and self.topic.opening is not self else None)
        if replied and not nested:
            known["reply_to_message"] = replied.wire(nested=True)
        if "inline_keyboard" in self.markup:
            known["reply_markup"] = self.markup
        return known | self._content() | self.service

    def _signature(self) -> Json:
        if self.chat.type == "channel":
            return {"sender_chat": self.chat.wire()}
        if self.is_anonymous:
            return {"from": GROUP_ANONYMOUS_BOT, "sender_chat": self.chat.wire()}
        tag = self.chat.tag_of(self.sender)
        return {"from": self.sender.wire()} | ({"sender_tag": tag} if tag else {})

    def _content(self) -> Json:
        if self.service:
            return {}
        text, entities = ("caption", "caption_entities") if self.is_captioned else ("text", "entities")
        known: Json = {text: self.text} if self.text else {}
        if self.entities:
            known[entities] = self.entities
        if self.poll:
            known["poll"] = self.poll.wire(self.chat.world.now())
        if self.invoice:
            known["invoice"] = self.invoice.wire()
        return known | self._files() | self.facts

    def _files(self) -> Json:
        known: Json = {}
        if self.photo is not None:
            width, height = picture_size(self.photo) or (1, 1)
            size = {"width": width, "height": height, "file_size": len(self.photo)}
            known["photo"] = [{"file_id": self.photo_id, "file_unique_id": self.photo_id, **size}]
        if self.document is not None:
            name, content = self.document
            about = {"file_name": name, "mime_type": guess_type(name)[0] or "application/octet-stream"}
            file = {"file_id": self.document_id, "file_unique_id": self.document_id, "file_size": len(content)}
            known["document"] = file | about
        if self.clip is not None:
            known[self.clip.kind] = self.clip.wire(self.clip_id)
        return known


@dataclass(eq=False, slots=True, kw_only=True)
class Press:
    """A pressed button; the answer is empty until the bot gives it."""

    id: str
    world: World
    is_answered: bool = False
    text: str = ""
    show_alert: bool = False
    url: str = ""

    async def answered(self, timeout: float = SOON) -> Press:
        await self.world.until(lambda: self.is_answered, timeout, f"the bot left callback {self.id} unanswered")
        return self


def picture_size(content: bytes) -> tuple[int, int] | None:
    """The size of a PNG; a JPEG is believed; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    return (1, 1) if content.startswith(b"\xff\xd8\xff") else None


def emoji_of(reactions: Sequence[str]) -> list[Json]:
    return [{"type": "emoji", "emoji": one} for one in reactions]
