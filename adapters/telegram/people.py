"""Tells which person writes on Telegram, and which message is meant; groups and channels are no person."""

from telegram import Message, User
from telegram.constants import ChatID

from bot.kit.references import Person

PLATFORM = "telegram"

#: accounts that stand for a group, a linked channel or a channel: no person in particular
MASKS = frozenset(ChatID)


def person(user: User) -> Person:
    return Person(PLATFORM, str(user.id), user.full_name, user.username, user.is_bot)


def author(message: Message) -> Person | None:
    user = message.from_user
    return person(user) if user and not user.is_bot and user.id not in MASKS else None


def is_anonymous(message: Message) -> bool:
    return message.from_user is not None and message.from_user.id == ChatID.ANONYMOUS_ADMIN


def is_own(message: Message) -> bool:
    """Whether the words are their own: a forwarded message, or one sent through another bot, is no instruction."""
    return message.forward_origin is None and message.via_bot is None


def press_cause(query: str) -> str:
    return f"{PLATFORM}:press:{query}"


def message_cause(chat: int, message_id: int | str) -> str:
    return f"{PLATFORM}:msg:{chat}:{message_id}"
