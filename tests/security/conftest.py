"""What attacks on Telegram share: the server, an administrator, a member who wants more, and their group."""

from collections.abc import AsyncIterator

import pytest

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def ann(server: TelegramServer) -> Person:
    return server.user("Ann", username="ann", language="en")


@pytest.fixture
def mallory(server: TelegramServer) -> Person:
    return server.user("Mallory", username="mallory", language="en")


@pytest.fixture
def group(server: TelegramServer, ann: Person, mallory: Person) -> Group:
    """Ann is the owner, and Mallory a member."""
    group = server.group()
    group.add(ann, "creator")
    group.add(mallory)
    return group
