"""Fetches files that members hand in from Discord, before the core reads them."""

import asyncio
from collections.abc import Mapping

import aiohttp
import discord
import structlog
from discord.http import HTTPClient

from bot.kit.capability import Command
from bot.kit.options import Kind
from bot.kit.references import UPLOAD_BYTES, Picture, Raw, Upload

log = structlog.get_logger(__name__)

SECONDS = 20.0


async def fetched(http: HTTPClient, command: Command, given: Mapping[str, Raw]) -> dict[str, Raw]:
    """The same options, with the content of the files."""
    options = dict(given)
    for option in command.options:
        handed = options.get(option.name)
        if option.kind is Kind.FILE and isinstance(handed, Picture):
            options[option.name] = Upload(handed.id, handed.name, handed.size, await _content(http, handed))
    return options


async def _content(http: HTTPClient, handed: Picture) -> bytes | None:
    """The content; Discord gives the address and the size, so the member cannot name another address."""
    if handed.size > UPLOAD_BYTES:
        return None
    try:
        async with asyncio.timeout(SECONDS):
            return await http.get_from_cdn(handed.id)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.info("file not fetched", error=type(error).__name__)
    return None
