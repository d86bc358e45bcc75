"""Reads from history what was said while we were away: oldest first, up to a limit, and reports what it left out.

While a guild or one of its channels is behind, live messages there are taken without their number: otherwise the
watermark would pass unread messages and hide them from the next start.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import discord
import structlog

from adapters.discord.events import DISCORD, Spots, posted, welcomed
from adapters.discord.intake import Intake
from adapters.discord.intents import MEMBERS, Intents
from adapters.discord.reading import unread
from bot.core.core import Core
from bot.kit.events import Event
from bot.kit.wordless import wordless

log = structlog.get_logger(__name__)

OLDEST = timedelta(days=14)
BATCH = 100
#: guilds read at once
ABREAST = 4
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0

Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class Backfill:
    def __init__(self, core: Core, intake: Intake, spots: Spots, intents: Intents, most: int) -> None:
        self._core = core
        self._intake = intake
        self._spots = spots
        self._intents = intents
        self._most = most
        self._turn = asyncio.Semaphore(ABREAST)
        self._behind: set[int] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        #: channels whose history was longer than we may read
        self.capped: set[int] = set()
        #: channels whose history could not be read, with their guilds; we try again without delaying others
        self.stuck: dict[int, int] = {}

    @property
    def behind(self) -> int:
        return len(self._behind)

    def current(self, guild: int, channel: int | None = None) -> bool:
        """Whether everything said there before this moment was taken."""
        stuck = guild in self.stuck.values() if channel is None else channel in self.stuck
        return not self._intake.full and guild not in self._behind and not stuck

    def lose(self, guilds: Iterable[discord.Guild]) -> None:
        """From now on these guilds may have missed something."""
        self._behind.update(guild.id for guild in guilds)

    def resume(self, guilds: Iterable[discord.Guild]) -> None:
        """Discord repeated what was missed; a reading that is under way still goes on to its end."""
        self._behind.difference_update(guild.id for guild in guilds if guild.id not in self._tasks)

    def catch_up(self, guild: discord.Guild) -> None:
        self.lose([guild])
        if before := self._tasks.pop(guild.id, None):
            before.cancel()
        task = self._tasks[guild.id] = asyncio.create_task(self._guild(guild), name=f"backfill {guild.id}")
        task.add_done_callback(lambda done: self._finished(guild.id, done))

    async def stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def remember_alive(self, guilds: Iterable[discord.Guild]) -> None:
        """Store this moment for each guild, so that channels without a watermark are read from here."""
        now = str(self._core.clock.now())
        for guild in guilds:
            if self.current(guild.id):
                await self._core.remember(_alive(guild.id), now)

    def _finished(self, guild: int, done: asyncio.Task[None]) -> None:
        if self._tasks.get(guild) is done:
            del self._tasks[guild]

    async def _guild(self, guild: discord.Guild) -> None:
        """Read a guild until nothing is left; each new try continues from the watermarks at that time."""
        wait, left = FIRST_WAIT, _readable(guild)
        while True:
            try:
                async with self._turn:
                    left = await self._read(guild, left)
            except Exception as error:  # noqa: BLE001 - the store is busy or broken: it comes back
                log.warning("history not read", guild=guild.id, again_in=wait, error=wordless(error))
            else:
                self.stuck = {channel: its for channel, its in self.stuck.items() if its != guild.id}
                self.stuck |= {channel.id: guild.id for channel in left}
                self._behind.discard(guild.id)
                if not left:
                    return
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _read(self, guild: discord.Guild, channels: Sequence[Readable]) -> list[Readable]:
        """Read these channels, and return those with something left to read."""
        alive = await self._core.recall(_alive(guild.id))
        marks = await self._core.watermarks(DISCORD)
        start = _snowflake(int(alive)) if alive else None
        oldest = _snowflake(self._core.clock.now() - round(OLDEST.total_seconds() * 1000))
        read, left = 0, list[Readable]()
        for channel in channels:
            after = marks.get(str(channel.id), start)
            if after is None or (channel.last_message_id or 0) <= after:
                continue
            try:
                read += await self._channel(channel, max(after, oldest))
            except (discord.Forbidden, discord.NotFound) as error:
                log.warning("history not readable", channel=channel.id, error=wordless(error))
            except Exception as error:  # noqa: BLE001 - whatever it is, it concerns this channel alone
                log.warning("history not read", channel=channel.id, error=wordless(error))
                left.append(channel)
        if read:
            log.info("history read", guild=guild.id, messages=read, channels_left=len(left))
        return left

    def _told(self, message: discord.Message) -> list[Event]:
        welcome = None if self._intents.has(MEMBERS) else welcomed(message, self._spots)
        return [event for event in (posted(message, self._spots), welcome) if event]

    async def _channel(self, channel: Readable, after: int) -> int:
        read, page = 0, BATCH
        while read < self._most and page == BATCH:
            limit = min(BATCH, self._most - read)
            state = channel._state  # noqa: SLF001 - the library's own history ends at the first message it cannot read
            messages = await state.http.logs_from(channel.id, limit, after=after)
            page = len(messages)
            if not messages:
                break
            messages = sorted(messages, key=_number)
            if (last := _number(messages[-1])) <= after:
                raise LookupError("a page of history without numbers")
            after, read = last, read + page
            await self._intake.absorb([event for each in messages for event in self._said(channel, each)])
        if read >= self._most and (channel.last_message_id or 0) > after:
            self.capped.add(channel.id)
            log.warning("backfill capped", channel=channel.id, read=read, after=after, last=channel.last_message_id)
        return read

    def _said(self, channel: Readable, raw: Any) -> Sequence[Event]:
        try:
            return self._told(channel._state.create_message(channel=channel, data=raw))  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - whatever it is, it concerns this message alone, which is kept
            log.warning("message not read", channel=channel.id, error=wordless(error))
            return [unread("MESSAGE", raw, self._core.clock.now())]


def _number(raw: Any) -> int:
    """The number of a message; 0 if it has none."""
    number = str(raw.get("id")) if isinstance(raw, dict) else ""
    return int(number) if number.isdecimal() else 0


def _readable(guild: discord.Guild) -> list[Readable]:
    """The channels we may read; Discord counts refused requests towards a ban, so we make none."""
    channels: list[Readable] = [*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads]
    return [channel for channel in channels if _may_read(channel, guild.me)]


def _may_read(channel: Readable, me: discord.Member) -> bool:
    try:
        allowed = channel.permissions_for(me)
    except discord.ClientException:  # a thread whose channel we cannot see
        return False
    return allowed.view_channel and allowed.read_message_history


def _alive(guild: int) -> str:
    return f"discord:alive:{guild}"


def _snowflake(at: int) -> int:
    """The smallest message number at a moment in epoch milliseconds."""
    return max(at - discord.utils.DISCORD_EPOCH, 0) << 22
