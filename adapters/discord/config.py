"""Declares what can be configured about Discord."""

import logging
from typing import ClassVar, Literal

from pydantic import Field, HttpUrl

from bot.host.section import OpenApiUrl, PlatformSection

#: yes, no, or if Discord grants it
Told = bool | Literal["auto"]


class Section(PlatformSection):
    """The token is in the developer portal under Bot, Token."""

    #: they say when the gateway connects and goes on
    loggers: ClassVar = {"discord.client": logging.INFO, "discord.gateway": logging.INFO}

    #: from the developer portal, General Information
    application_id: int | None = Field(None, gt=0)
    #: how many gateway connections; 1 is right below some 1,000 guilds
    shards: int = Field(1, ge=1, le=1024)
    #: hear who joins and leaves; "auto": where Discord allows it
    members: Told = "auto"
    #: read the words of messages, if Discord allows it to this bot (thanks are found so)
    message_content: Told = False
    #: how many messages a channel to catch up on after being away
    backfill: int = Field(1_000, ge=0, le=100_000)
    api_url: OpenApiUrl = HttpUrl("https://discord.com/api/v10")
    gateway_url: str = Field("wss://gateway.discord.gg/", pattern=r"^wss?://\S+$")
