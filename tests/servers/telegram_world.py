"""Everything on a Telegram of our own, and what the bot is told of it; other files decide who does what."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from .telegram_chats import Chat, Group, GroupKind, Private
from .telegram_members import InviteLink, Membership, Status
from .telegram_messages import Message, Press, Topic, emoji_of
from .telegram_people import Person
from .telegram_polls import Poll, persistent
from .telegram_till import Till
from .telegram_updates import Feed, Json

__all__ = ["Chat", "Group", "Message", "Person", "Press", "Private", "Topic", "World"]


class World:
    """Everything there is, and the way by which the bot learns of it."""

    def __init__(self, feed: Feed, now: Callable[[], float], username: str) -> None:
        self.feed, self._clock = feed, now
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.moved: dict[int, int] = {}
        #: Of every chat, in the order they were sent.
        self.messages: list[Message] = []
        self.presses: dict[str, Press] = {}
        #: The person and chat of each request to join, by the query that the bot may answer at once.
        self.join_queries: dict[str, tuple[Group, Person]] = {}
        self.till = Till(self)
        self._shared_ids = 0
        self.bot = self.person("Hearth", username=username, is_bot=True)

    def now(self) -> int:
        return int(self._clock())

    def person(
        self, name: str, *, username: str | None = None, language: str | None = None, is_bot: bool = False
    ) -> Person:
        # above 2^32, like the ids of new accounts
        number = 5_000_000_000 + len(self.people)
        person = Person(world=self, id=number, name=name, username=username, language=language, is_bot=is_bot)
        self.people[number], self.chats[number] = person, person.private
        return person

    def group(self, title: str, kind: GroupKind, status: Status, *, forum: bool) -> Group:
        group = Group(world=self, id=self.group_id(kind), type=kind, title=title, is_forum=forum)
        group.members[self.bot.id] = Membership(status=status)
        self.chats[group.id] = group
        return group

    def group_id(self, kind: str) -> int:
        return -(4_000_000_000 if kind == "group" else 1_002_000_000_000) - len(self.chats) - len(self.moved)

    def post(self, chat: Chat, sender: Person, **content: object) -> Message:
        message = Message(chat=chat, id=self._message_id(chat), date=self.now(), sender=sender, **content)  # type: ignore[arg-type]  # the fields are Message's own
        self.messages.append(message)
        self.feed.bell.ring()
        return message

    def _message_id(self, chat: Chat) -> int:
        """A supergroup counts alone; all other chats share one count."""
        if chat.type in ("supergroup", "channel"):
            chat.last_id += 1
        else:
            chat.last_id = self._shared_ids = self._shared_ids + 1
        return chat.last_id

    def tell(self, kind: str, message: Message) -> None:
        if message.chat.bot_sees(message):
            post = {"message": "channel_post", "edited_message": "edited_channel_post"}
            self.feed.add(post[kind] if message.chat.type == "channel" else kind, message.wire())

    def reacted(self, message: Message, person: Person, before: Sequence[str]) -> None:
        chat, bot = message.chat, self.bot
        if isinstance(chat, Private) or (isinstance(chat, Group) and chat.membership(bot).is_staff):
            fact = {"chat": chat.wire(), "message_id": message.id, "date": self.now(), "user": person.wire()}
            fact |= {"old_reaction": emoji_of(before), "new_reaction": emoji_of(message.reactions[person.id])}
            self.feed.add("message_reaction", fact)

    def press(self, person: Person, message: Message, data: str) -> Press:
        press = Press(id=str(7_000_000_000 + len(self.presses)), world=self)
        self.presses[press.id] = press
        chat = message.chat.wire()
        shown = {"chat": chat, "message_id": message.id, "date": 0} if message.is_deleted else message.wire()
        fact = {"id": press.id, "from": person.wire(), "chat_instance": str(chat["id"]), "data": data}
        self.feed.add("callback_query", {**fact, "message": shown})
        return press

    def closes(self, poll: Poll) -> None:
        poll.is_stopped = True
        self.feed.add("poll", poll.wire(self.now()))

    def voted(self, person: Person, poll: Poll, options: Sequence[int]) -> None:
        if options:
            poll.votes[person.id] = list(options)
        else:
            del poll.votes[person.id]
        if not poll.is_anonymous:
            ids = [persistent(number) for number in options]
            fact = {"poll_id": poll.id, "user": person.wire(), "option_ids": list(options)}
            self.feed.add("poll_answer", {**fact, "option_persistent_ids": ids})
        self.feed.add("poll", poll.wire(self.now()))

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
        group.waiting[person.id] = link
        if group.membership(self.bot).may("can_invite_users"):
            fact = {"chat": group.wire(), "from": person.wire(), "user_chat_id": person.id, "date": self.now()}
            if group.is_guarded:
                self.join_queries[query := f"join{len(self.join_queries)}"] = (group, person)
                fact["query_id"] = query
            self.feed.add("chat_join_request", {**fact, "invite_link": link.wire(self.bot.wire())})

    def file(self, file_id: object) -> bytes | None:
        """The content of a photo, a document or a clip."""
        named = self.document(file_id)
        return named[1] if named else next((one.photo for one in self.messages if one.photo_id == file_id), None)

    def document(self, file_id: object) -> tuple[str, bytes] | None:
        """The name and content of a message with a named file."""
        for one in self.messages:
            if one.document and one.document_id == file_id:
                return one.document
            if one.clip and one.clip_id == file_id:
                return one.clip.name, one.clip.content
        return None

    def seen_by(self, person: Person) -> Iterator[Message]:
        return (message for message in self.messages if message.chat.holds(person))

    async def until(self, holds: Callable[[], bool], timeout: float, otherwise: str) -> None:
        deadline = asyncio.get_running_loop().time() + timeout
        while not holds():
            if not await self.feed.bell.wait(deadline):
                raise AssertionError(f"{otherwise} within {timeout} s")
