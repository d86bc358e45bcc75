"""Serves Discord as a platform: opens, serves, stops and checks it; the other modules hear and speak."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import discord
import discord.client
import discord.shard
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord import commands
from adapters.discord.backfill import Backfill
from adapters.discord.config import Section
from adapters.discord.effects import NOT_YET, Effects
from adapters.discord.events import DISCORD, Spots
from adapters.discord.gateway import Ears, Gateway, ShardedGateway
from adapters.discord.intake import Intake
from adapters.discord.intents import MEMBERS, PORTAL, WORDS, Intents, Narrowed, Withheld
from adapters.discord.interactions import Interactions
from adapters.discord.sessions import LONGEST, SESSIONS, Pauses
from adapters.discord.voice import Voice
from bot.core.core import Core
from bot.core.metrics import unread
from bot.host.config import Config
from bot.kit.allowance import Limit
from bot.kit.errors import Later, Unservable
from bot.kit.events import Event, Unrecognised
from bot.kit.platform import Abilities, Delivery, Endpoint, Receipt
from bot.kit.wordless import wordless

log = structlog.get_logger(__name__)

TOKEN_MEND = f"Discord does not accept the token. Take a new one ({PORTAL}, Reset Token) and set discord.token."
SHARDS_MEND = "Discord wants more gateway connections for this many servers. Raise discord.shards."
MENDS = {
    4004: TOKEN_MEND,
    4010: "Discord does not accept the number of shards. Correct discord.shards.",
    4011: SHARDS_MEND,
    4012: "Discord no longer speaks the version of its gateway that we do. Update Hearth.",
    4013: "Discord does not know an intent we ask for. Update Hearth.",
}
MINUTE = 60.0
#: what one member may ask, including buttons
ASKED = Limit(15, 2.0)
#: the first wait before a new client replaces one that broke
FIRST_WAIT = 5.0
#: seconds that finishing may take
GRACE = 6.0


class Discord:
    name = DISCORD

    def __init__(self, core: Core, config: Section) -> None:
        self._core = core
        self._config = config
        self._intents = Intents(config)
        #: as far as we know before we connect: at worst we look for members without need
        self.abilities = self._able(leaves=config.members is True)
        self._token = config.secret
        self._stopping = asyncio.Event()
        self._client: Gateway | None = None
        self._effects: Effects | None = None
        self._registered = True
        self._air: set[asyncio.Task[object]] = set()
        self._unread = unread(DISCORD)
        self._intake = Intake(core.absorb)
        self._intake.lost, self._intake.caught = self._miss, self._look_back
        spots = Spots()
        self._interactions = Interactions(core, spots, self._intake.take)
        self._backfill = Backfill(core, self._intake, spots, self._intents, self._config.backfill)
        address = yarl.URL(self._config.gateway_url)
        self._ears = Ears(
            intake=self._intake,
            interactions=self._interactions,
            backfill=self._backfill,
            spots=spots,
            now=core.clock.now,
            address=address,
            intents=self._intents,
            voice=Voice(core.clock),
        )

    async def serve(self) -> None:
        chores = [
            asyncio.create_task(self._intake.run(), name="discord intake"),
            asyncio.create_task(self._each_minute(), name="discord minutes"),
        ]
        try:
            await self._live()
        finally:
            await self._backfill.stop()
            await self._intake.drain(GRACE)
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)

    async def stop(self) -> None:
        """Stop listening first; then commit what was heard, answer what was asked, and close the connection."""
        self._stopping.set()
        await self._remember_alive()
        if self._client:
            self._client.lost(None)
        self._intake.close()
        await asyncio.gather(self._interactions.finish(GRACE), self._intake.drain(GRACE), self._land())
        await self.close()

    async def close(self) -> None:
        if self._client:
            await self._client.close()

    async def perform(self, delivery: Delivery) -> Receipt:
        task = asyncio.current_task()
        if self._effects is None or task is None or self._stopping.is_set():
            raise Later(NOT_YET)
        self._air.add(task)
        try:
            return await self._effects.perform(delivery)
        finally:
            self._air.discard(task)

    async def read(self, raw: str) -> Sequence[Event]:
        """Only a connection to the gateway can read it, so what was kept is for the operator to look at."""
        cause = f"{DISCORD}:unread:again"
        return [Unrecognised(cause=cause, at=self._core.clock.now(), platform=DISCORD, raw=raw)]

    def endpoints(self) -> Sequence[Endpoint]:
        return ()

    async def check(self) -> Sequence[tuple[bool, str]]:
        self._point()
        async with discord.Client(intents=self._intents.value) as client:
            try:
                await client.login(self._token)
                application = await client.application_info()
            except discord.LoginFailure:
                return [(False, TOKEN_MEND)]
            except Exception as error:  # noqa: BLE001 - on any error the other findings are told too
                return [(False, f"Discord does not answer: {wordless(error)}")]
            servers = f"logged in as {application.name}, in {application.approximate_guild_count} servers"
            return [(True, servers), *self._intents.findings(application.flags)]

    def health(self) -> Mapping[str, bool | int | str]:
        client = self._client
        return {
            "ok": self._ears.connected,
            "guilds": len(client.guilds) if client else 0,
            "shards": self._config.shards,
            "waiting": len(self._intake),
            "behind": self._backfill.behind,
            "capped": len(self._backfill.capped),
            "stuck": len(self._backfill.stuck),
            "unread": unread(DISCORD) - self._unread,
            "commands": "registered" if self._registered else "refused",
            **{each.key: self._intents.has(each) for each in (MEMBERS, WORDS)},
        }

    async def _live(self) -> None:
        """Run the client; discord.py reconnects by itself, and a new client replaces one that breaks."""
        wait = FIRST_WAIT
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            try:
                await self._connect()
            except discord.LoginFailure:
                raise Unservable(self.name, TOKEN_MEND) from None
            except Withheld as error:
                raise Unservable(self.name, str(error)) from None
            except Narrowed:
                continue
            except discord.ConnectionClosed as error:
                if error.code in MENDS:
                    raise Unservable(self.name, MENDS[error.code]) from None
                log.warning("gateway closed", code=error.code, again_in=wait)
            except Exception:
                log.exception("client broke", again_in=wait)
            if asyncio.get_running_loop().time() - began > LONGEST:
                wait = FIRST_WAIT
            wait = min(wait, SESSIONS.longest(time.monotonic()))
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._stopping.wait()
            wait *= 2

    async def _connect(self) -> None:
        self._point()
        sharded = self._config.shards > 1
        client = (
            ShardedGateway(self._ears, ready=self._set_up, shard_count=self._config.shards)
            if sharded
            else Gateway(self._ears, ready=self._set_up)
        )
        self._client = client
        try:
            async with client:
                await client.start(self._token)
        except discord.PrivilegedIntentsRequired:
            self._intents.refused()
        finally:
            client.lost(None)

    def _point(self) -> None:
        """Set where discord.py finds Discord, and how long it waits; these are its own globals."""
        Route.BASE = str(self._config.api_url).rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = self._ears.address
        for part in (discord.client, discord.shard):
            vars(part)["ExponentialBackoff"] = Pauses

    async def _set_up(self, client: Gateway) -> None:
        """Set up after login, before connecting; if Discord refuses the commands, members are still served."""
        self._intents.judge(client.application_flags)
        self.abilities = self._able(leaves=self._intents.has(MEMBERS))
        self._core.able(self)
        self._effects = Effects(client, self._interactions.gives)
        application = client.application_id or self._config.application_id
        try:
            if application and await commands.sync(client.http, application, self._core):
                log.info("commands registered", commands=len(self._core.house.commands))
            self._registered = True
        except discord.HTTPException as error:
            self._registered = False
            log.error("commands refused", error=str(error))  # noqa: TRY400 - Discord's word says it all
        except Exception as error:  # noqa: BLE001 - neither an unreadable answer nor a busy store delays the service
            self._registered = False
            log.warning("commands not registered", error=wordless(error))

    def _miss(self) -> None:
        if self._client:
            self._backfill.lose(self._client.guilds)

    def _look_back(self) -> None:
        if client := self._client:
            for guild in client.guilds:
                client.met(guild)

    def _able(self, *, leaves: bool) -> Abilities:
        words = self._intents.has(WORDS)
        return Abilities(
            private_replies=True,
            roles=True,
            history=True,
            keyed=True,
            threads=True,
            pace=ASKED,
            answers=True,
            leaves=leaves,
            words=words,
        )

    async def _each_minute(self) -> None:
        while True:
            await asyncio.sleep(MINUTE)
            self._intake.take(*self._ears.voice.tick())
            await self._remember_alive()

    async def _remember_alive(self) -> None:
        if not (self._client and self._ears.connected):
            return
        try:
            await self._backfill.remember_alive(self._client.guilds)
        except Exception as error:  # noqa: BLE001 - the next minute will do as well
            log.warning("moment not remembered", error=wordless(error))

    async def _land(self) -> None:
        """Wait for the effects being performed: if they were cut off, their outcome would be unknown."""
        if self._air:
            await asyncio.wait(self._air, timeout=GRACE)


def open(core: Core, config: Config) -> Discord:  # noqa: A001 - the door every adapter has
    return Discord(core, config.of(Section))
