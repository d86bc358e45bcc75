"""The door through which Telegram's answers come: one that the library cannot read fails as any other question does."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog
from telegram.error import TelegramError

from adapters.telegram.people import PLATFORM
from bot.metrics import UNREAD

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")


class Unreadable(TelegramError):
    """Telegram answered that it did what was asked, in a shape the library does not know."""


async def read(asked: Awaitable[Answer]) -> Answer:
    """The library raises whatever it stumbles over, such as a missing field; here that becomes its own error."""
    try:
        return await asked
    except TelegramError:
        raise
    except Exception as error:
        UNREAD.labels(PLATFORM, "answer").inc()
        log.warning("answer not read", question=getattr(asked, "__name__", ""), error=type(error).__name__)
        raise Unreadable(type(error).__name__) from error
