"""Who may do what in a server, asked of Discord where it does not come with what was asked, as in private."""

import asyncio

import aiohttp
import discord
import structlog

from adapters.discord.events import rights_in_guild
from bot.access import Access

log = structlog.get_logger(__name__)

#: somebody waits for the answer, which is due within three seconds
SECONDS = 1.0


async def rights_in(client: discord.Client, guild_id: int, user_id: int) -> Access | None:
    """None when Discord does not say."""
    guild = client.get_guild(guild_id)
    if guild is None or guild.unavailable:
        return None
    try:
        async with asyncio.timeout(SECONDS):
            member = await guild.fetch_member(user_id)
    except discord.NotFound:
        return Access.STRANGER
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("rights unknown", guild=guild_id, error=type(error).__name__)
        return None
    return Access.SILENCED if member.is_timed_out() else rights_in_guild(member)
