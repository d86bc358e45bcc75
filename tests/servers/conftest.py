"""A Telegram server for each test that wants one, and the real python-telegram-bot that speaks to it."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import bot_of


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[Bot]:
    async with bot_of(telegram) as bot:
        yield bot
