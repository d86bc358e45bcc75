"""Asks Discord for members' rights in a server when the interaction does not tell them, as in private."""

import asyncio
import time
from collections.abc import Sequence

import aiohttp
import discord
import structlog

from adapters.discord.circles import circles
from adapters.discord.events import rights_in_guild
from bot.core.memory import Memory
from bot.kit import Access
from bot.kit.access import Standing

log = structlog.get_logger(__name__)

#: seconds for an answer: a member waits for ours, which is due within three seconds
SECONDS = 1.0
#: seconds for which an answer serves suggestions, which are asked for at each key press
SUGGESTED = 10.0
#: answers that are kept
KEPT = 1_000
UNSAID = Standing(access=None, circles=frozenset())


class Rights:
    def __init__(self) -> None:
        self._known: Memory[tuple[int, int], tuple[float, Standing]] = Memory(KEPT)

    async def of(self, client: discord.Client, guild_id: int, user_id: int, fresh: float) -> Standing:
        """Their rights, not older than so many seconds; no access if Discord does not say."""
        key, now = (guild_id, user_id), time.monotonic()
        known = self._known.get(key)
        if known and now - known[0] < fresh:
            return known[1]
        standing = await _ask(client, guild_id, user_id)
        if standing.access is not None:
            self._known.put(key, (now, standing))
        return standing


async def are_out(client: discord.Client, guilds: Sequence[str], user: str) -> bool:
    """Whether they are in none of these, as Discord says at this moment."""
    for guild in guilds:
        if (await _ask(client, int(guild), int(user))).access is not Access.STRANGER:
            return False
    return bool(guilds)


async def _ask(client: discord.Client, guild_id: int, user_id: int) -> Standing:
    guild = client.get_guild(guild_id)
    if guild is None or guild.unavailable:
        return UNSAID
    try:
        async with asyncio.timeout(SECONDS):
            member = await guild.fetch_member(user_id)
    except discord.NotFound:
        return Standing(access=Access.STRANGER, circles=frozenset())
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("rights unknown", guild=guild_id, error=type(error).__name__)
        return UNSAID
    access = Access.SILENCED if member.is_timed_out() else rights_in_guild(member)
    return Standing(access=access, circles=circles(member))
