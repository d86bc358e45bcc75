"""A walk through what a bot does on Discord: its starting place, and the table of its steps."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord.http import Route

from tests.servers.discord import Community, DiscordServer, Message, Person
from tests.servers.discord_client import Client
from tests.servers.discord_records import ADMINISTRATOR, EVERYTHING, Channel


@dataclass(slots=True, kw_only=True)
class Walk:
    """A guild with two members and a bot that has all of an administrator's permissions, but one by one."""

    server: DiscordServer
    client: Client
    home: Community
    ann: Person
    bob: Person

    @property
    def guild(self) -> discord.Guild:
        return self.client.guilds[0]

    @property
    def general(self) -> discord.TextChannel:
        found = self.client.get_channel(int(self.place.id))
        return found if isinstance(found, discord.TextChannel) else absent("general")

    @property
    def place(self) -> Channel:
        return self.home.channel("general")

    @property
    def latest(self) -> Message:
        return self.place.messages[-1]

    def member(self, person: Person) -> discord.Member:
        return self.guild.get_member(int(person.id)) or absent(person.name)

    async def hears(self, event: str) -> Any:
        return await self.client.hears(event)

    async def asks(self, method: str, path: str, **more: Any) -> Any:
        """A request that discord.py has no method for yet."""
        return await self.client.http.request(Route(method, path), **more)


def absent(name: str) -> Any:
    raise LookupError(f"{name} is not there")


Step = Callable[[Walk], Awaitable[None]]
STEPS: list[Step] = []


def step(walked: Step) -> Step:
    """Add a step to the table; its docstring says what the bot does."""
    STEPS.append(walked)
    return walked


async def started(server: DiscordServer, client: Client, home: Community) -> Walk:
    own = next(role for role in home.bot.roles if role.managed)
    await home.changes(own, permissions=EVERYTHING & ~ADMINISTRATOR)
    ann, bob = home.member("ann"), home.member("bob")
    walk = Walk(server=server, client=client, home=home, ann=ann, bob=bob)
    while not all(walk.guild.get_member(int(one.id)) for one in (ann, bob)):
        await asyncio.sleep(0.01)
    return walk


async def refusal(asked: Awaitable[Any]) -> int:
    """The code with which Discord refuses."""
    try:
        await asked
    except discord.HTTPException as error:
        return error.code
    raise AssertionError("nothing was refused")
