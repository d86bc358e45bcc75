"""Receives Telegram's answers: one that is unreadable or too late fails like any other error."""

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

#: seconds to ask nothing about a chat after an answer was too late, and how many chats are remembered
SLOW, KNOWN = 30.0, 1_000


class Unreadable(TelegramError):
    """Telegram answered that it did what was asked, in a form the library does not know."""


async def read(asked: Awaitable[Answer]) -> Answer:
    """Turn what the library raises for a strange answer, such as a missing field, into an error of its own."""
    try:
        return await asked
    except TelegramError:
        raise
    except Exception as error:
        UNREAD.labels(PLATFORM, "answer").inc()
        log.warning("answer not read", question=getattr(asked, "__name__", ""), error=type(error).__name__)
        raise Unreadable(type(error).__name__) from error


class Haste:
    """Limits the wait for a question about one chat, because all other chats wait for the answer."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        #: by chat, when we may ask about it again
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
