"""People, chats and messages on a Telegram of our own; what the bot may ask of them is left to the methods."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from mimetypes import guess_type
from typing import Literal

from .telegram_members import InviteLink, Membership, Status
from .telegram_text import Entity, compose, cut
from .telegram_updates import BotApiError, Feed, Json

GROUP_ANONYMOUS_BOT: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
TOPIC_COLOR = 0x6FB9F0


@dataclass(eq=False, slots=True, kw_only=True)
class Topic:
    id: int
    name: str
    opening: Message
    is_closed: bool = False


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
    #: Fields of a service message, such as new_chat_members.
    service: Json = field(default_factory=dict)
    is_anonymous: bool = False
    is_deleted: bool = False
    edit_date: int | None = None
    #: Emoji by the id of who reacted.
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
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    def wire(self, *, nested: bool = False) -> Json:
        known: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.wire()}
        known["from"] = GROUP_ANONYMOUS_BOT if self.is_anonymous else self.sender.wire()
        if self.is_anonymous:
            known["sender_chat"] = self.chat.wire()
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

    def _content(self) -> Json:
        if self.service:
            return {}
        bare = self.photo is None and self.document is None
        text, entities = ("text", "entities") if bare else ("caption", "caption_entities")
        known: Json = {text: self.text} if self.text else {}
        if self.entities:
            known[entities] = self.entities
        if self.photo is not None:
            width, height = picture_size(self.photo) or (1, 1)
            size = {"width": width, "height": height, "file_size": len(self.photo)}
            known["photo"] = [{"file_id": self.photo_id, "file_unique_id": self.photo_id, **size}]
        if self.document is not None:
            name, content = self.document
            about = {"file_name": name, "mime_type": guess_type(name)[0] or "application/octet-stream"}
            file = {"file_id": self.document_id, "file_unique_id": self.document_id, "file_size": len(content)}
            known["document"] = file | about
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

    async def answered(self, timeout: float = 2) -> Press:
        await self.world.until(lambda: self.is_answered, timeout, f"the bot left callback {self.id} unanswered")
        return self


@dataclass(eq=False, kw_only=True)
class Chat:
    world: World
    id: int
    type: str
    last_id: int = 0

    def wire(self) -> Json:
        raise NotImplementedError

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.world.messages if message.chat is self]

    def message(self, message_id: int) -> Message | None:
        return next((one for one in self.messages if one.id == message_id and not one.is_deleted), None)

    def holds(self, person: Person) -> bool:
        raise NotImplementedError

    def refuse_bot(self) -> None:
        """Raises what Telegram answers when the bot may not write here."""
        raise NotImplementedError

    def bot_sees(self, message: Message) -> bool:
        raise NotImplementedError


@dataclass(eq=False, kw_only=True)
class Private(Chat):
    person: Person
    is_started: bool = False
    is_blocked: bool = False

    def wire(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.person.name, **self.person.known_username()}

    def holds(self, person: Person) -> bool:
        return person is self.person or person is self.world.bot

    def refuse_bot(self) -> None:
        if self.is_blocked:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        if not self.is_started:
            raise BotApiError(403, "Forbidden: bot can't initiate conversation with a user")

    def bot_sees(self, message: Message) -> bool:
        return not self.is_blocked and message.sender is self.person

    def block(self, *, blocked: bool) -> None:
        self.is_blocked, before = blocked, self.is_blocked
        self.world.changed(self, self.world.bot, by=self.person, before=_reachable(before), after=_reachable(blocked))


@dataclass(eq=False, kw_only=True)
class Group(Chat):
    title: str
    is_forum: bool = False
    members: dict[int, Membership] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    links: dict[str, InviteLink] = field(default_factory=dict)
    #: Ids of people who asked to join.
    waiting: set[int] = field(default_factory=set)

    def wire(self) -> Json:
        return {"id": self.id, "type": self.type, "title": self.title} | ({"is_forum": True} if self.is_forum else {})

    def holds(self, person: Person) -> bool:
        return self.membership(person).is_inside

    def membership(self, person: Person) -> Membership:
        return self.members.get(person.id, Membership())

    @property
    def people(self) -> list[Person]:
        return [self.world.people[one] for one, membership in self.members.items() if membership.is_inside]

    def add(self, person: Person, status: Status = "member", *, by: Person | None = None) -> None:
        self.change(person, replace(self.membership(person), status=status), by=by)

    def deny(self, *rights: str) -> None:
        """Takes rights away from the bot, an administrator."""
        self.change(self.world.bot, replace(self.membership(self.world.bot), denied=frozenset(rights)))

    def topic(self, name: str, by: Person | None = None) -> Topic:
        service = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOR}}
        opening = self.world.post(self, by or self.world.bot, service=service)
        opening.topic = self.topics[opening.id] = Topic(id=opening.id, name=name, opening=opening)
        self.world.tell("message", opening)
        return opening.topic

    def rename(self, topic: Topic, name: str, by: Person) -> None:
        topic.name = name
        notice = self.world.post(self, by, topic=topic, service={"forum_topic_edited": {"name": name}})
        self.world.tell("message", notice)

    async def migrate(self) -> None:
        """Turns this basic group into a supergroup: from now on `id` is the new one."""
        old, new = self.id, self.world.group_id("supergroup")
        actor = next((one for one in self.people if one is not self.world.bot), self.world.bot)
        self.world.tell("message", self.world.post(self, actor, service={"migrate_to_chat_id": new}))
        self.world.moved[old] = new
        self.world.chats[new] = self.world.chats.pop(old)
        self.id, self.type = new, "supergroup"
        self.world.tell("message", self.world.post(self, actor, service={"migrate_from_chat_id": old}))
        await asyncio.sleep(0)

    def change(
        self, person: Person, to: Membership, *, by: Person | None = None, link: InviteLink | None = None
    ) -> None:
        before, self.members[person.id] = self.membership(person), to
        if before != to:
            facts = {"invite_link": link.wire(self.world.bot.wire())} if link else {}
            self.world.changed(self, person, by=by or person, before=before, after=to, **facts)

    def refuse_bot(self) -> None:
        status = self.membership(self.world.bot).status
        if status == "kicked":
            raise BotApiError(403, f"Forbidden: bot was kicked from the {self.type} chat")
        if status == "left":
            raise BotApiError(403, f"Forbidden: bot is not a member of the {self.type} chat")

    def bot_sees(self, message: Message) -> bool:
        bot, membership = self.world.bot, self.membership(self.world.bot)
        if message.sender is bot and not message.service:
            return False
        if not membership.is_inside:
            return False
        replied = message.reply_to is not None and message.reply_to.sender is bot
        return membership.is_staff or bool(message.service) or replied or self._addresses_bot(message)

    def _addresses_bot(self, message: Message) -> bool:
        for entity in message.entities:
            marked, ours = cut(message.text, entity), f"@{self.world.bot.username}"
            if entity["type"] == "bot_command" and ("@" not in marked or marked.endswith(ours)):
                return True
            if entity["type"] == "mention" and marked == ours:
                return True
        return False


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
        """Each person of `mention` takes the place of a {} in the text."""
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
        """Replaces this person's reactions; without emoji they are taken away."""
        self._must_be_in(message.chat)
        before, message.reactions[self.id] = message.reactions.get(self.id, []), list(emoji)
        self.world.reacted(message, self, before)
        await asyncio.sleep(0)

    async def unreacts(self, message: Message, *emoji: str) -> None:
        """Takes these reactions away, or all when none is named."""
        kept = [one for one in message.reactions.get(self.id, ()) if emoji and one not in emoji]
        await self.reacts(message, *kept)

    async def presses(
        self, message: Message, label: str = "", *, nth: int = 1, data: str | None = None, timeout: float = 2
    ) -> Press:
        """Waits for the bot's answer unless timeout is 0; `data` presses what an old client still shows."""
        self._must_be_in(message.chat)
        if data is None:
            found = [one for one in message.buttons if label in one["text"] and "callback_data" in one]
            if len(found) < nth:
                raise LookupError(f"no button {label!r} number {nth} among {message.labels}")
            data = str(found[nth - 1]["callback_data"])
        press = self.world.press(self, message, data)
        return await press.answered(timeout) if timeout else press

    async def joins(self, group: Group, link: str | None = None) -> None:
        """Joins, or asks to when the link says so."""
        used = group.links[link] if link else None
        if used and (used.is_revoked or (used.member_limit and used.used >= used.member_limit)):
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
        if isinstance(place, Group) and not place.membership(self).may_write:
            raise PermissionError(f"{self.name} may not write in chat {place.id}")

    async def _tell(self, kind: str, message: Message) -> Message:
        self.world.tell(kind, message)
        await asyncio.sleep(0)
        return message


class World:
    """Everything there is, and the door through which the bot learns of it."""

    def __init__(self, feed: Feed, now: Callable[[], float], username: str) -> None:
        self.feed, self._clock = feed, now
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.moved: dict[int, int] = {}
        #: Of every chat, in the order they were sent.
        self.messages: list[Message] = []
        self.presses: dict[str, Press] = {}
        self._shared_ids = 0
        self.bot = self.person("Hearth", username=username, is_bot=True)

    def now(self) -> int:
        return int(self._clock())

    def person(
        self, name: str, *, username: str | None = None, language: str | None = None, is_bot: bool = False
    ) -> Person:
        # above 2^32, as the ids of new accounts are
        number = 5_000_000_000 + len(self.people)
        person = Person(world=self, id=number, name=name, username=username, language=language, is_bot=is_bot)
        self.people[number], self.chats[number] = person, person.private
        return person

    def group(self, title: str, kind: Literal["group", "supergroup"], status: Status, *, forum: bool) -> Group:
        group = Group(world=self, id=self.group_id(kind), type=kind, title=title, is_forum=forum)
        group.members[self.bot.id] = Membership(status=status)
        self.chats[group.id] = group
        return group

    def group_id(self, kind: str) -> int:
        return -(1_002_000_000_000 if kind == "supergroup" else 4_000_000_000) - len(self.chats) - len(self.moved)

    def post(self, chat: Chat, sender: Person, **content: object) -> Message:
        message = Message(chat=chat, id=self._message_id(chat), date=self.now(), sender=sender, **content)  # type: ignore[arg-type]  # the fields are Message's own
        self.messages.append(message)
        self.feed.bell.ring()
        return message

    def _message_id(self, chat: Chat) -> int:
        """A supergroup counts for itself; all other chats share one count."""
        if chat.type == "supergroup":
            chat.last_id += 1
        else:
            chat.last_id = self._shared_ids = self._shared_ids + 1
        return chat.last_id

    def tell(self, kind: str, message: Message) -> None:
        if message.chat.bot_sees(message):
            self.feed.add(kind, message.wire())

    def reacted(self, message: Message, person: Person, before: Sequence[str]) -> None:
        chat, bot = message.chat, self.bot
        if isinstance(chat, Private) or (isinstance(chat, Group) and chat.membership(bot).is_staff):
            fact = {"chat": chat.wire(), "message_id": message.id, "date": self.now(), "user": person.wire()}
            fact |= {"old_reaction": _emoji(before), "new_reaction": _emoji(message.reactions[person.id])}
            self.feed.add("message_reaction", fact)

    def press(self, person: Person, message: Message, data: str) -> Press:
        press = Press(id=str(7_000_000_000 + len(self.presses)), world=self)
        self.presses[press.id] = press
        chat = message.chat.wire()
        shown = {"chat": chat, "message_id": message.id, "date": 0} if message.is_deleted else message.wire()
        fact = {"id": press.id, "from": person.wire(), "chat_instance": str(chat["id"]), "data": data}
        self.feed.add("callback_query", {**fact, "message": shown})
        return press

    def changed(
        self, chat: Chat, whom: Person, *, by: Person, before: Membership, after: Membership, **facts: Json
    ) -> None:
        fact = {"chat": chat.wire(), "from": by.wire(), "date": self.now(), **facts}
        fact |= {"old_chat_member": before.wire(whom.wire()), "new_chat_member": after.wire(whom.wire())}
        if whom is self.bot:
            self.feed.add("my_chat_member", fact)
        elif isinstance(chat, Group) and chat.membership(self.bot).is_staff:
            self.feed.add("chat_member", fact)

    def joined(self, group: Group, person: Person, link: InviteLink | None = None, by: Person | None = None) -> None:
        if link:
            link.used += 1
        group.change(person, replace(group.membership(person), status="member"), by=by, link=link)
        self.tell("message", self.post(group, person, service={"new_chat_members": [person.wire()]}))

    def asked_to_join(self, group: Group, person: Person, link: InviteLink) -> None:
        group.waiting.add(person.id)
        if group.membership(self.bot).may("can_invite_users"):
            fact = {"chat": group.wire(), "from": person.wire(), "user_chat_id": person.id, "date": self.now()}
            self.feed.add("chat_join_request", {**fact, "invite_link": link.wire(self.bot.wire())})

    def file(self, file_id: object) -> bytes | None:
        """A photo's content, or a document's."""
        documents = {one.document_id: one.document[1] for one in self.messages if one.document}
        return documents.get(str(file_id), next((one.photo for one in self.messages if one.photo_id == file_id), None))

    def seen_by(self, person: Person) -> Iterator[Message]:
        return (message for message in self.messages if message.chat.holds(person))

    async def until(self, holds: Callable[[], bool], timeout: float, otherwise: str) -> None:
        deadline = asyncio.get_running_loop().time() + timeout
        while not holds():
            if not await self.feed.bell.wait(deadline):
                raise AssertionError(f"{otherwise} within {timeout} s")


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Of a PNG; a JPEG is taken at its word; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) > 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    return (1, 1) if content.startswith(b"\xff\xd8\xff") else None


def _emoji(reactions: Sequence[str]) -> list[Json]:
    return [{"type": "emoji", "emoji": one} for one in reactions]


def _topic_of(message: Message | None) -> Topic | None:
    return message.topic if message else None


def _reachable(blocked: bool) -> Membership:
    return Membership(status="kicked" if blocked else "member")
