"""The real python-telegram-bot, pointed at our Telegram server, for the tests of that server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from tests.servers.telegram import TelegramServer

EVERYTHING = ["message", "edited_message", "callback_query", "chat_member", "my_chat_member", "message_reaction"]
ALL = [*Update.ALL_TYPES, "subscription"]
PIXEL = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00"


@asynccontextmanager
async def bot_of(server: TelegramServer) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.api_url}/bot", base_file_url=f"{server.api_url}/file/bot") as bot:
        yield bot


async def updates(bot: Bot, kinds: Sequence[str] | None = EVERYTHING, offset: int | None = None) -> tuple[Update, ...]:
    return await bot.get_updates(offset=offset, allowed_updates=kinds)


async def news(bot: Bot, *kinds: str, timeout: int = 0) -> list[Update]:
    """All waiting updates of these kinds; every waiting update is confirmed."""
    found = await bot.get_updates(allowed_updates=ALL, timeout=timeout)
    if found:
        await bot.get_updates(offset=found[-1].update_id + 1)
    return [one for one in found if any(getattr(one, kind) for kind in kinds)]


async def posts(bot: Bot) -> list[Message]:
    """The waiting messages, in order."""
    return [one.message for one in await news(bot, "message") if one.message]


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data) for text, data in buttons]])
