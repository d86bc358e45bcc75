"""Turns updates into events; it asks Telegram nothing and says nothing to it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog
from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    MessageReactionUpdated,
    ReactionType,
    ReactionTypeCustomEmoji,
    ReactionTypeEmoji,
    Update,
    User,
)

from adapters.telegram.lines import command, continuation, picture, replied_to, word, worded
from adapters.telegram.people import PLATFORM, author, is_anonymous, is_own, message_cause, person, press_cause
from adapters.telegram.rights import is_inside
from bot.core.memory import Memory
from bot.core.metrics import UNREAD
from bot.core.writable import writable
from bot.kit.events import (
    CommandGiven,
    Event,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    PlaceMoved,
    ReachChanged,
    ReactionAdded,
    ReactionRemoved,
    Unrecognised,
)
from bot.kit.invocation import Invocation, Line
from bot.kit.references import Person, Spot
from bot.kit.wordless import wordless

log = structlog.get_logger(__name__)

Json = Mapping[str, Any]

#: known kinds of update that tell us nothing
SILENT = frozenset(
    {
        *("channel_post", "edited_channel_post", "chat_join_request", "message_reaction_count"),
        *("poll", "poll_answer", "chat_boost", "removed_chat_boost"),
    }
)

#: the highest number of an update: Telegram says where its integers can be larger, and does not say it here
HIGHEST = 2**31 - 1
#: how far an update can be ahead of the last one: more than come in the day after which Telegram forgets them
STEP = 10_000_000


def update_of(body: bytes) -> Json | None:
    """The update in a call's body; None if Telegram cannot have sent it."""
    try:
        update = json.loads(body.decode(), parse_constant=_no_json)
    except (ValueError, RecursionError):
        return None
    return None if number_of(update) is None else update


#: topics and chats kept in memory
REMEMBERED = 10_000


def _no_json(constant: str) -> None:
    raise ValueError(constant)


@dataclass(slots=True)
class Reader:
    """Reads updates one by one; it knows our own name, and which chats have moved."""

    #: the first words of our commands; another word after a slash is meant for another bot
    words: frozenset[str]
    me: User | None = None
    _moved: dict[int, int] = field(default_factory=dict)
    _spots: Memory[str, Spot] = field(default_factory=lambda: Memory(REMEMBERED))

    def expect_moves(self, updates: Sequence[Json]) -> None:
        """Learn the moves of a batch first: its updates may be older or newer, and all belong to the chat as it is."""
        for update in updates:
            with suppress(AttributeError, KeyError, TypeError):  # no message, or one that is set aside when it is read
                self._expect_move(update["message"])

    def _expect_move(self, message: Json) -> None:
        if new := message.get("migrate_to_chat_id"):
            self._moved[message["chat"]["id"]] = new
        if old := message.get("migrate_from_chat_id"):
            self._moved[old] = message["chat"]["id"]

    def answering(self, raw: Json) -> tuple[str, str] | None:
        """The name of our message that an update answers, and the account that answers."""
        match raw:
            case {
                "message": {
                    "chat": {"id": int(chat)},
                    "from": {"id": int(user)},
                    "reply_to_message": {"message_id": int(number), "from": {"id": int(author)}},
                }
            } if self.me and author == self.me.id:
                return message_cause(chat, number), str(user)
        return None

    def read(self, raw: Json, now: int, so_far: str | None = None) -> list[Event]:
        """Read an update; keep it as it came if it cannot be read. `so_far` is the command line that it completes."""
        number, name = number_of(raw), name_of(raw)
        cause = f"{PLATFORM}:{'unread' if number is None else 'update'}:{name}"
        unread = Unrecognised(cause=cause, at=now, platform=PLATFORM, raw=json.dumps(raw))
        if number is None:
            return [_set_aside(unread)]
        try:
            events = self._update(Update.de_json(dict(writable(raw)), None), unread.cause, now, so_far)
        except Exception as error:  # noqa: BLE001 - whatever it is, it concerns this update alone, which is kept
            log.warning("update not understood", update=number, error=wordless(error))
            return [_set_aside(unread)]
        return [_set_aside(unread)] if events is None and not SILENT & raw.keys() else list(events or ())

    def _update(self, update: Update, cause: str, now: int, so_far: str | None) -> list[Event] | None:
        match update:
            case Update(message=Message(successful_payment=None, refunded_payment=None) as message):
                return list(self._message(message, cause, so_far))
            case Update(edited_message=Message() as message):
                return list(self._edited(message, cause))
            case Update(callback_query=CallbackQuery() as query):
                return list(self._pressed(query, now))
            case Update(message_reaction=MessageReactionUpdated() as reaction):
                return list(self._reacted(reaction))
            case Update(chat_member=ChatMemberUpdated() as change):
                return list(self._membership(change, cause))
            case Update(my_chat_member=ChatMemberUpdated() as change):
                return list(self._reach(change, cause))
        return None

    def _message(self, message: Message, cause: str, so_far: str | None) -> Iterator[Event]:
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            yield self._move(message)
            return
        who, private = author(message), message.chat.type == Chat.PRIVATE
        if message.forum_topic_edited:
            self._spot(message)
        if who and private and word(message) == "start":
            spot = self._spot(message)
            yield ReachChanged(cause=f"{cause}:reach", at=_ms(message.date), who=who, spot=spot, reachable=True)
        own = is_own(message)
        completes = False
        if own and word(message):
            line = command(message, self.words, self.me)
        else:
            line = continuation(message, so_far) if own and so_far else None
            completes = line is not None
            if line is None and who and not private and _is_said(message):
                yield self._posted(message, who)
        if line and (who or is_anonymous(message)):
            yield self._given(message, line, completes=completes)

    def _posted(self, message: Message, who: Person) -> MessagePosted:
        opening = message.forum_topic_created
        text = opening.name if opening else message.text or message.caption or ""
        replied = replied_to(message)
        return MessagePosted(
            cause=message_cause(message.chat.id, message.message_id),
            at=_ms(message.date),
            who=who,
            spot=self._spot(message),
            about=message_cause(message.chat.id, replied.message_id) if replied else None,
            target=author(replied) if replied else None,
            length=len(text),
            text=opening.name if opening else worded(message),
            mentioned=tuple(person(each.user) for each in message.entities or message.caption_entities if each.user),
            opens=opening is not None,
            pictured=picture(message) is not None,
            message=str(message.message_id),
        )

    def _edited(self, message: Message, cause: str) -> Iterator[Event]:
        who, text = author(message), message.text or message.caption or ""
        if who and message.chat.type != Chat.PRIVATE:
            yield MessageEdited(
                cause=cause,
                at=_ms(message.edit_date or message.date),
                who=who,
                spot=self._spot(message),
                about=message_cause(message.chat.id, message.message_id),
                target=who,
                length=len(text),
                text=worded(message),
            )

    def _move(self, message: Message) -> PlaceMoved:
        """The move of a chat, which both chats tell; the first one counts."""
        old, new = message.chat.id, message.migrate_to_chat_id
        if message.migrate_from_chat_id:
            old, new = message.migrate_from_chat_id, message.chat.id
        spot = Spot(PLATFORM, str(new), "chat", message.chat.title or "")
        return PlaceMoved(cause=f"{PLATFORM}:moved:{old}", at=_ms(message.date), spot=spot, old=str(old))

    def _pressed(self, query: CallbackQuery, now: int) -> Iterator[Event]:
        if query.data is None or query.message is None or query.from_user.is_bot:
            return
        invocation = Invocation(
            line=Line.of(query.data),
            author=person(query.from_user),
            spot=self._spot(query.message),
            locale=query.from_user.language_code,
            cause=press_cause(query.id),
            at=now,
            message=str(query.message.message_id),
            pressed=True,
            about=message_cause(query.message.chat.id, query.message.message_id),
        )
        yield CommandGiven.of(invocation)

    def _reacted(self, reaction: MessageReactionUpdated) -> Iterator[Event]:
        if reaction.user is None or reaction.user.is_bot:
            return
        about, who = message_cause(reaction.chat.id, reaction.message_id), person(reaction.user)
        spot, at = self._spot(reaction), _ms(reaction.date)
        old, new = [[_emoji(each) for each in kinds] for kinds in (reaction.old_reaction, reaction.new_reaction)]
        react = f"{PLATFORM}:react:{about.removeprefix(f'{PLATFORM}:msg:')}:{who.id}"
        for emoji in (each for each in new if each not in old):
            yield ReactionAdded(cause=f"{react}:{emoji}", at=at, who=who, spot=spot, about=about, emoji=emoji)
        for emoji in (each for each in old if each not in new):
            added = f"{react}:{emoji}"
            yield ReactionRemoved(
                cause=f"{added}:gone", at=at, who=who, spot=spot, about=about, emoji=emoji, added=added
            )

    def _membership(self, change: ChatMemberUpdated, cause: str) -> Iterator[Event]:
        user, spot, at = change.new_chat_member.user, self._spot(change), _ms(change.date)
        before, after = is_inside(change.old_chat_member), is_inside(change.new_chat_member)
        if user.is_bot or before is after:
            return
        kind = MemberJoined if after else MemberLeft
        yield kind(cause=cause, at=at, who=person(user), spot=spot)

    def _reach(self, change: ChatMemberUpdated, cause: str) -> Iterator[Event]:
        """A change of our own membership: in private it tells whether we may write, elsewhere whether we are let in."""
        spot, at, inside = self._spot(change), _ms(change.date), is_inside(change.new_chat_member)
        if change.chat.type == Chat.PRIVATE:
            yield ReachChanged(cause=cause, at=at, who=person(change.from_user), spot=spot, reachable=inside)
        elif inside is not is_inside(change.old_chat_member):
            yield (PlaceFound if inside else PlaceLost)(cause=cause, at=at, spot=spot)

    def _given(self, message: Message, line: Line, *, completes: bool) -> CommandGiven:
        """The command; one typed in full starts fresh, whatever message it answers."""
        user = message.from_user
        if user is None:
            raise LookupError("a command without its author")
        replied = message.reply_to_message
        invocation = Invocation(
            line=line,
            author=person(user),
            anonymous=is_anonymous(message),
            spot=self._spot(message),
            locale=user.language_code,
            cause=message_cause(message.chat.id, message.message_id),
            at=_ms(message.date),
            message=str(message.message_id),
            about=message_cause(message.chat.id, replied.message_id) if replied and completes else None,
        )
        return CommandGiven.of(invocation)

    def _spot(self, where: MaybeInaccessibleMessage | MessageReactionUpdated | ChatMemberUpdated) -> Spot:
        """The chat, or the topic in it; the same object each time."""
        chat = where.chat
        if chat.type == Chat.PRIVATE:
            return Spot(PLATFORM, str(chat.id), "dm", chat.full_name or "")
        number = self._moved.get(chat.id, chat.id)
        root = self._keep(Spot(PLATFORM, str(number), "chat", chat.title or ""))
        if not isinstance(where, Message) or not where.is_topic_message:
            return root
        first = where.reply_to_message or where
        topic = f"{number}/{where.message_thread_id}"
        known, opening, edited = self._spots.get(topic), first.forum_topic_created, where.forum_topic_edited
        # Every message in a topic tells the topic's first name; later names come once.
        if edited and edited.name:
            return self._keep(Spot(PLATFORM, topic, "topic", edited.name, root))
        if known and (known.name != topic or not opening):
            return self._keep(replace(known, parent=root))
        return self._keep(Spot(PLATFORM, topic, "topic", opening.name if opening else "", root, dated=bool(opening)))

    def _keep(self, spot: Spot) -> Spot:
        known = self._spots.get(spot.id)
        if known == spot:
            return known
        self._spots.put(spot.id, spot)
        return spot


def number_of(raw: Any) -> int | None:
    """The number that confirms an update; None if it is no update."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    # a bool is an int to Python
    return number if type(number) is int and 0 <= number <= HIGHEST else None


def name_of(raw: Any) -> str:
    """A name that tells one update from another: its number, or without one a hash of its content."""
    number = number_of(raw)
    return hashlib.sha256(json.dumps(raw).encode()).hexdigest()[:16] if number is None else str(number)


def next_after(updates: Sequence[Any], expected: int | None) -> int | None:
    """The number that confirms these; None if none has a number that Telegram can have reached."""
    numbers = [number for each in updates if (number := number_of(each)) is not None]
    first = min(numbers, default=0) if expected is None else expected
    return max((number + 1 for number in numbers if number - first < STEP), default=None)


def _set_aside(unread: Unrecognised) -> Unrecognised:
    UNREAD.labels(PLATFORM, "update").inc()
    return unread


def _is_said(message: Message) -> bool:
    """Whether members said it: they write, speak, show, and open topics; the rest is Telegram's own notices."""
    return bool(message.text or message.caption or message.effective_attachment or message.forum_topic_created)


def _emoji(reaction: ReactionType) -> str:
    match reaction:
        case ReactionTypeEmoji(emoji=emoji):
            return str(emoji)
        case ReactionTypeCustomEmoji(custom_emoji_id=number):
            return number
    return str(reaction.type)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
