"""The real discord.py walks through what a bot does on the localhost Discord, step by step in one guild.

Left out, since Hearth never does them: talking in voice (it is UDP), emoji, stickers and sounds, stages, templates,
onboarding and welcome screens, auto moderation rules, and leaving the guild.
"""

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
import pytest_asyncio

from tests.servers import (  # noqa: F401  # importing them adds their steps
    discord_walk_doors,
    discord_walk_people,
    discord_walk_places,
    discord_walk_words,
)
from tests.servers.discord import DiscordServer
from tests.servers.discord_client import Client, connected
from tests.servers.discord_walk import STEPS, Step, Walk, started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def walk() -> AsyncIterator[Walk]:
    async with DiscordServer() as server:
        home = server.guild("Hearth")
        async with connected(server, Client(discord.Intents.all())) as client:
            yield await started(server, client, home)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
async def test_the_bot(walk: Walk, step: Step) -> None:
    """Each step ends as its sentence says, and nothing that passed differs from Discord's description."""
    known = len(walk.server.violations)
    walk.client.heard = asyncio.Queue()

    async with asyncio.timeout(20):
        await step(walk)

    assert walk.server.violations[known:] == []


def test_the_walk_is_long() -> None:
    """Each ability has its step here before it is built."""
    assert len(STEPS) >= 64
