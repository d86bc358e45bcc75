"""What the wire tests of the Telegram adapter share: the server, two people and their group."""

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
def bob(server: TelegramServer) -> Person:
    return server.user("Bob")


@pytest.fixture
def group(server: TelegramServer, ann: Person, bob: Person) -> Group:
    """Ann is the owner, and Bob a member."""
    group = server.group()
    group.add(ann, "creator")
    group.add(bob)
    return group
