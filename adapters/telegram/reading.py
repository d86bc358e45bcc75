"""The door through which Telegram's answers come: one that nobody can read, or wait for, fails as any other does."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog
from telegram.error import TelegramError, TimedOut

from adapters.telegram.people import PLATFORM
from bot.core.memory import Memory
from bot.core.metrics import UNREAD

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

#: seconds for which nothing is asked about a chat after an answer that did not come in time, and how many are known
SLOW, KNOWN = 30.0, 1_000


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


class Haste:
    """The end of patience with a question about one chat, for whose answer all other chats wait."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        #: by chat, when it may be asked about again
        self._again: Memory[str, float] = Memory(KNOWN)

    @asynccontextmanager
    async def about(self, chat: str) -> AsyncIterator[None]:
        if time.monotonic() < (self._again.get(chat) or 0.0):
            raise TimedOut("asked in vain a moment ago")
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except TimeoutError:
            self._again.put(chat, time.monotonic() + SLOW)
            raise TimedOut from None
