"""What the wire tests of the Discord adapter share: the server, a guild, two people, and an empty notebook."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord import running
from tests.servers.discord import Community, DiscordServer, Person


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def guild(server: DiscordServer) -> Community:
    return server.guild("Hearth")


@pytest.fixture
def ann(guild: Community) -> Person:
    return guild.member("ann")


@pytest.fixture
def bob(guild: Community) -> Person:
    return guild.member("bob")


@pytest.fixture(autouse=True)
def notebook() -> running.Notebook:
    """A new notebook for each test."""
    running.notebook.events.clear()
    running.notebook.door = asyncio.Event()
    return running.notebook
