"""Connects to Discord's gateway: discord.py calls here, and every call is only handed on."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord
import structlog
import yarl
from discord.abc import GuildChannel
from discord.gateway import KeepAliveHandler

from adapters.discord.backfill import Backfill
from adapters.discord.circles import circle
from adapters.discord.events import (
    DISCORD,
    Spots,
    company,
    deleted,
    edited,
    found,
    joined,
    left,
    lost,
    posted,
    reached,
    reacted,
    seen,
    unreacted,
    welcomed,
)
from adapters.discord.intake import Intake
from adapters.discord.intents import MEMBERS, Intents
from adapters.discord.interactions import Interactions
from adapters.discord.reading import guard, unread
from adapters.discord.sessions import SESSIONS
from adapters.discord.voice import Voice
from bot.core.metrics import UNREAD

log = structlog.get_logger(__name__)

#: with this gateway we resume at the address that READY names
DISCORD_GATEWAY = yarl.URL("wss://gateway.discord.gg/")
#: seconds discord.py itself may wait for a rate limit before we come back later
PATIENCE = 30.0


@dataclass(slots=True, kw_only=True)
class Ears:
    """The receivers of everything heard; they outlive any one connection."""

    intake: Intake
    interactions: Interactions
    backfill: Backfill
    spots: Spots
    now: Callable[[], int]
    #: the configured gateway
    address: yarl.URL
    #: the events we ask for
    intents: Intents
    voice: Voice
    connected: bool = False


class Gateway(discord.Client):
    """Hands events on; handlers never wait, so the events keep their order."""

    def __init__(self, ears: Ears, *, ready: Callable[["Gateway"], Any], **options: Any) -> None:
        super().__init__(
            intents=ears.intents.value,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags(joined=False, voice=True),
            max_ratelimit_timeout=PATIENCE,
            **options,
        )
        self._ears = ears
        self._set_up = ready
        guard(self._connection.parsers, lambda name, payload: ears.intake.take(unread(name, payload, ears.now())))

    async def setup_hook(self) -> None:
        await self._set_up(self)

    async def close(self) -> None:
        """Close, and stop the keep-alive threads: discord.py forgets a connection that was still being opened."""
        await super().close()
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler) and thread.ws.loop is asyncio.get_running_loop():
                thread.stop()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        SESSIONS.begin(time.monotonic())
        await super().before_identify_hook(shard_id, initial=initial)

    def of_shard(self, shard: int | None) -> list[discord.Guild]:
        return [guild for guild in self.guilds if shard is None or guild.shard_id == shard]

    # the connection

    def lost(self, shard: int | None) -> None:
        guilds = self.of_shard(shard)
        self._ears.connected = False
        self._ears.backfill.lose(guilds)
        for guild in guilds:
            self._ears.intake.take(*self._ears.voice.see(str(guild.id), {}))

    def begun(self, shard: int | None) -> None:
        """A new session began: what came before it is only in history."""
        socket = self._get_websocket(shard_id=shard)
        if self._ears.address != DISCORD_GATEWAY:
            socket.gateway = self._ears.address
        self._ears.connected = True
        self._ears.backfill.lose(self.of_shard(shard))

    def continued(self, shard: int | None) -> None:
        guilds = self.of_shard(shard)
        self._ears.connected = True
        self._ears.backfill.resume(guilds)
        for guild in guilds:
            self._listen(guild)

    async def on_disconnect(self) -> None:
        if self.shard_count is None:
            self.lost(None)

    async def on_connect(self) -> None:
        if self.shard_count is None:
            self.begun(None)

    async def on_resumed(self) -> None:
        if self.shard_count is None:
            self.continued(None)

    async def on_shard_disconnect(self, shard: int) -> None:
        self.lost(shard)

    async def on_shard_connect(self, shard: int) -> None:
        self.begun(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        self.continued(shard)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        UNREAD.labels(DISCORD, event_method).inc()
        log.exception("gateway event not read", handler=event_method)  # noqa: LOG004 - discord.py calls this in its own except

    # guilds

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.met(guild)

    def met(self, guild: discord.Guild) -> None:
        """A guild, as if met for the first time: who reads its channels, what was said meanwhile, and who talks."""
        self._see(*(each for each in guild.channels if circle(each)))
        self._ears.backfill.catch_up(guild)
        self._listen(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._ears.intake.take(found(self._ears.spots.of(guild), self._ears.now()))
        self.met(guild)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        self._ears.backfill.lose([guild])
        self._ears.intake.take(*self._ears.voice.see(str(guild.id), {}))

    async def on_guild_channel_update(self, before: GuildChannel, after: GuildChannel) -> None:
        if (before.name, circle(before)) != (after.name, circle(after)):
            self._see(after)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """The default role's rights decide about every channel without its own rules."""
        if after.is_default() and before.permissions != after.permissions:
            self._see(*after.guild.channels)

    def _see(self, *channels: GuildChannel) -> None:
        ears = self._ears
        told = [each for each in channels if not isinstance(each, discord.CategoryChannel)]
        ears.intake.take(*(seen(ears.spots.of(each), ears.now()) for each in told))

    async def on_guild_channel_delete(self, channel: GuildChannel) -> None:
        self._ears.intake.take(lost(self._ears.spots.of(channel), self._ears.now()))

    async def on_raw_thread_delete(self, raw: discord.RawThreadDeleteEvent) -> None:
        if guild := self.get_guild(raw.guild_id):
            spot, now = self._ears.spots.within(guild, raw.thread_id), self._ears.now()
            self._ears.intake.take(lost(spot, now))
            # If a thread belongs to a message of its channel, that message stays.
            if isinstance(guild.get_channel(raw.parent_id), discord.ForumChannel):
                self._ears.intake.take(deleted(raw.thread_id, spot, now))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self._ears.intake.take(lost(self._ears.spots.of(guild), self._ears.now()))
        self._ears.backfill.resume([guild])
        self._ears.intake.take(*self._ears.voice.see(str(guild.id), {}))

    # people

    async def on_member_join(self, member: discord.Member) -> None:
        self._ears.intake.take(joined(member, self._ears.spots, self._ears.now()))

    async def on_raw_member_remove(self, raw: discord.RawMemberRemoveEvent) -> None:
        if guild := self.get_guild(raw.guild_id):
            self._ears.intake.take(left(raw.user, guild, self._ears.spots, self._ears.now()))

    async def on_voice_state_update(self, member: discord.Member, _before: object, _after: object) -> None:
        self._listen(member.guild)

    def _listen(self, guild: discord.Guild) -> None:
        ears = self._ears
        ears.intake.take(*ears.voice.see(str(guild.id), company(guild, ears.spots)))

    # messages

    async def on_message(self, message: discord.Message) -> None:
        if message.guild:
            numbered = self._ears.backfill.current(message.guild.id, message.channel.id)
            self._ears.intake.take(posted(message, self._ears.spots, numbered=numbered))
            if not self._ears.intents.has(MEMBERS):
                self._ears.intake.take(welcomed(message, self._ears.spots))
        else:
            self._ears.intake.take(reached(message))

    async def on_raw_message_edit(self, raw: discord.RawMessageUpdateEvent) -> None:
        self._ears.intake.take(edited(raw.message, self._ears.spots))

    async def on_raw_message_delete(self, raw: discord.RawMessageDeleteEvent) -> None:
        self._delete(raw.guild_id, raw.channel_id, {raw.message_id})

    async def on_raw_bulk_message_delete(self, raw: discord.RawBulkMessageDeleteEvent) -> None:
        self._delete(raw.guild_id, raw.channel_id, raw.message_ids)

    def _delete(self, guild_id: int | None, channel: int, numbers: set[int]) -> None:
        if guild_id and (guild := self.get_guild(guild_id)):
            spot, now = self._ears.spots.within(guild, channel), self._ears.now()
            self._ears.intake.take(*(deleted(number, spot, now) for number in sorted(numbers)))

    async def on_raw_reaction_add(self, raw: discord.RawReactionActionEvent) -> None:
        if raw.guild_id and (guild := self.get_guild(raw.guild_id)):
            self._ears.intake.take(reacted(raw, self._ears.spots.within(guild, raw.channel_id), self._ears.now()))

    async def on_raw_reaction_remove(self, raw: discord.RawReactionActionEvent) -> None:
        if raw.guild_id and (guild := self.get_guild(raw.guild_id)):
            self._ears.intake.take(unreacted(raw, self._ears.spots.within(guild, raw.channel_id), self._ears.now()))

    # what members ask

    async def on_interaction(self, asked: discord.Interaction[Any]) -> None:
        self._ears.interactions.take(asked)


class ShardedGateway(Gateway, discord.AutoShardedClient):
    """Several connections in one process, because Discord demands them above some number of guilds."""

    async def launch_shard(self, gateway: yarl.URL, shard_id: int, *, initial: bool = False) -> None:
        """Launch one connection, but not when we are closed meanwhile: discord.py tries for ever."""
        if not self.is_closed():
            await super().launch_shard(gateway, shard_id, initial=initial)
