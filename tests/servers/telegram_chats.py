"""Chats on a Telegram of our own: private chats with the bot, and groups with their members."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from .telegram_members import InviteLink, Membership, Status
from .telegram_messages import TOPIC_COLOR, Message, Topic
from .telegram_text import cut
from .telegram_updates import BotApiError, Json

if TYPE_CHECKING:
    from .telegram_people import Person
    from .telegram_world import World


GroupKind = Literal["group", "supergroup", "channel"]


@dataclass(eq=False, kw_only=True)
class Chat:
    world: World
    id: int
    type: str
    last_id: int = 0
    pins: list[Message] = field(default_factory=list)

    def wire(self) -> Json:
        raise NotImplementedError

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.world.messages if message.chat is self]

    @property
    def pinned(self) -> list[Message]:
        """What is pinned, the newest last."""
        return sorted((one for one in self.pins if not one.is_deleted), key=lambda one: one.id)

    def message(self, message_id: int) -> Message | None:
        return next((one for one in self.messages if one.id == message_id and not one.is_deleted), None)

    def tag_of(self, person: Person) -> str:
        """The tag beside the person's name here."""
        del person
        return ""

    def holds(self, person: Person) -> bool:
        raise NotImplementedError

    def refuse_bot(self) -> None:
        """Raises Telegram's refusal when the bot may not write here."""
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


@dataclass(slots=True, kw_only=True)
class General:
    name: str = "General"
    is_closed: bool = False
    is_hidden: bool = False


@dataclass(eq=False, kw_only=True)
class Group(Chat):
    title: str
    is_forum: bool = False
    #: Whether everybody can look into it, and press what they see.
    is_public: bool = False
    members: dict[int, Membership] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    links: dict[str, InviteLink] = field(default_factory=dict)
    #: The link by which each person asked to join.
    waiting: dict[int, InviteLink] = field(default_factory=dict)
    #: What ordinary members may not do.
    denied: frozenset[str] = frozenset()
    description: str = ""
    photo: bytes | None = None
    #: The topic that every forum has from its beginning.
    general: General = field(default_factory=General)
    #: Whether the bot is asked at once about everybody who wants to join.
    is_guarded: bool = False

    def wire(self) -> Json:
        return {"id": self.id, "type": self.type, "title": self.title} | ({"is_forum": True} if self.is_forum else {})

    def holds(self, person: Person) -> bool:
        return self.membership(person).is_inside

    def membership(self, person: Person) -> Membership:
        return self.members.get(person.id, Membership()).at(self.world.now())

    def may_write(self, person: Person) -> bool:
        membership = self.membership(person)
        if self.type == "channel":
            return membership.is_staff
        return membership.may_write and (membership.is_staff or "can_send_messages" not in self.denied)

    def tag_of(self, person: Person) -> str:
        return self.membership(person).tag if self.type == "supergroup" else ""

    @property
    def people(self) -> list[Person]:
        return [self.world.people[one] for one, membership in self.members.items() if membership.is_inside]

    def add(self, person: Person, status: Status = "member", *, by: Person | None = None) -> None:
        self.change(person, replace(self.membership(person), status=status), by=by)

    def deny(self, *rights: str) -> None:
        """Takes rights away from the bot, an administrator."""
        self.change(self.world.bot, replace(self.membership(self.world.bot), denied=frozenset(rights)))

    def topic(self, name: str, by: Person | None = None, **icon: object) -> Topic:
        service = {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOR, **icon}}
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


def _reachable(blocked: bool) -> Membership:
    return Membership(status="kicked" if blocked else "member")
