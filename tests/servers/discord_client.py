"""The real discord.py, pointed at our Discord server and keeping a journal, for the tests of that server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.servers.discord import DiscordServer

INTENTS = discord.Intents(guilds=True, members=True, guild_messages=True, dm_messages=True, guild_reactions=True)


class Client(discord.Client):
    """discord.py with a journal of what it was told."""

    def __init__(self, intents: discord.Intents = INTENTS) -> None:
        super().__init__(intents=intents, guild_ready_timeout=0.05, max_messages=100)
        self.tree = app_commands.CommandTree(self)
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.heard.put_nowait((event, args[0] if args else None))
        super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Skip the five seconds discord.py waits between two identifies."""

    async def hears(self, event: str) -> Any:
        async with asyncio.timeout(8):
            while True:
                name, what = await self.heard.get()
                if name == event:
                    return what


@asynccontextmanager
async def connected(server: DiscordServer, client: Client) -> AsyncIterator[Client]:
    Route.BASE = server.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
    async with client:
        await client.login(server.token)
        running = asyncio.create_task(client.connect())
        await client.hears("ready")
        yield client
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
