"""Discord's websocket: a session is a log of events and a connection reads it; the world decides what happens."""

import asyncio
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from tests.servers.discord_parts import Json
from tests.servers.discord_records import Guild
from tests.servers.discord_world import World

GUILD_MEMBERS, PRESENCES, MESSAGE_CONTENT = 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
MESSAGES, REACTIONS, VOTES = (1 << 9, 1 << 12), (1 << 10, 1 << 13), (1 << 24, 1 << 25)  # (in guilds, in DMs)
SCHEDULED = 1 << 16, 1 << 16
NEEDS: dict[str, int] = {
    **dict.fromkeys(("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"), 1),
    **dict.fromkeys(("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"), 1),
    **dict.fromkeys(("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"), 1),
    **dict.fromkeys(("THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE"), 1),
    **dict.fromkeys(("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"), GUILD_MEMBERS),
    **dict.fromkeys(("CHANNEL_PINS_UPDATE", "THREAD_MEMBERS_UPDATE"), 1),
    **dict.fromkeys(("GUILD_BAN_ADD", "GUILD_BAN_REMOVE", "GUILD_AUDIT_LOG_ENTRY_CREATE"), 1 << 2),
    "WEBHOOKS_UPDATE": 1 << 5,
    **dict.fromkeys(("INVITE_CREATE", "INVITE_DELETE"), 1 << 6),
    "VOICE_STATE_UPDATE": 1 << 7,
}
PREFIXES = {
    "MESSAGE_REACTION": REACTIONS,
    "MESSAGE_POLL": VOTES,
    "MESSAGE": MESSAGES,
    "GUILD_SCHEDULED_EVENT": SCHEDULED,
}
#: events whose own id is that of the guild
OF_GUILDS = ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE")
#: how an application says that its privileged intents are enabled
FLAGS = {PRESENCES: 1 << 12, GUILD_MEMBERS: 1 << 14, MESSAGE_CONTENT: 1 << 18}
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, REQUEST_MEMBERS, INVALID, HELLO, ACK = 0, 1, 2, 6, 8, 9, 10, 11
COMMANDS = {IDENTIFY: "IDENTIFY", RESUME: "RESUME", REQUEST_MEMBERS: "REQUEST_GUILD_MEMBERS"}
Record = Callable[[str, str, Any], None]


def flags_of(intents: int) -> int:
    return sum(flag for intent, flag in FLAGS.items() if intents & intent)


def as_seen(name: str, data: Json, intents: int, bot_id: str) -> Json | None:
    """The event as these intents let a bot see it: whole, without its words, or not at all."""
    needed = NEEDS.get(name, 0)
    for prefix, pair in PREFIXES.items():
        if name.startswith(prefix):
            needed = pair["guild_id" not in data]
            break
    itself = name == "GUILD_MEMBER_UPDATE" and data["user"]["id"] == bot_id
    if needed & ~intents and not itself:
        return None
    if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and not intents & MESSAGE_CONTENT:
        return wordless(data, bot_id)
    return data


def wordless(message: Json, bot_id: str) -> Json:
    """Remove the words from a message that is not for the bot, as without the message content intent."""
    return bare(message, bot_id) if "guild_id" in message else message


def bare(message: Json, bot_id: str) -> Json:
    """The same for the message it replies to."""
    if isinstance(answered := message.get("referenced_message"), dict):
        message = message | {"referenced_message": bare(answered, bot_id)}
    if message["author"]["id"] == bot_id or any(user["id"] == bot_id for user in message["mentions"]):
        return message
    return message | {"content": "", "embeds": [], "attachments": [], "components": []}


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    id: str
    intents: int
    shard: tuple[int, int]
    log: list[bytes] = field(default_factory=list)
    reader: "Reader | None" = None

    def hears(self, data: Json) -> bool:
        number, count = self.shard
        return (int(data["guild_id"]) >> 22) % count == number if "guild_id" in data else number == 0


class Reader:
    """One websocket; sends its session's log from where the client stopped reading."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket, self.cursor, self.wake = socket, 0, asyncio.Event()
        self._deflate = zlib.compressobj() if compress else None

    async def send(self, payload: bytes) -> None:
        with suppress(ConnectionError):  # a client that left reads nothing
            if self._deflate is None:
                await self.socket.send_str(payload.decode())
            else:
                packed = self._deflate.compress(payload) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)

    async def follow(self, session: Session) -> None:
        while True:
            self.wake.clear()
            while self.cursor < len(session.log):
                await self.send(session.log[self.cursor])
                self.cursor += 1
            await self.wake.wait()


class Gateway:
    """Accepts bots, keeps their sessions and sends them events."""

    world: World

    def __init__(self, *, token: str, intents: int, record: Record, heartbeat_ms: int = 41_250) -> None:
        self.token, self.allowed, self.record, self.heartbeat_ms = token, intents, record, heartbeat_ms
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.identified = self.resumed = 0
        self._transports: set[asyncio.Transport] = set()
        self._moved = asyncio.Event()

    def announce(self, name: str, data: Json, *, kept: bool = True) -> None:
        """Write an event into every session it concerns; an event that is not kept reaches only connected clients."""
        about = data | {"guild_id": data["id"]} if name in OF_GUILDS else data
        about = {} if name.startswith("ENTITLEMENT_") else about  # told to the first shard alone
        if about.get("guild_id", "") not in ("", *self.world.guilds):
            return  # a guild that removed the bot
        for session in self.sessions.values():
            seen = as_seen(name, data, session.intents, self.world.bot.id) if session.hears(about) else None
            if seen is not None and (kept or session.reader):
                self._append(session, name, seen)

    def _append(self, session: Session, name: str, data: Json) -> None:
        payload = orjson.dumps({"op": DISPATCH, "t": name, "s": len(session.log) + 1, "d": data})
        self.record("event", name, orjson.loads(payload)["d"])
        session.log.append(payload)
        if session.reader:
            session.reader.wake.set()

    def tell_raw(self, name: str, data: Any) -> None:
        """Send anything, even what Discord would never send."""
        for session in self.sessions.values():
            session.log.append(orjson.dumps({"op": DISPATCH, "t": name, "s": len(session.log) + 1, "d": data}))
            if session.reader:
                session.reader.wake.set()

    async def flush(self) -> None:
        """Wait until every event is sent to all connected clients."""
        while any(one.reader and one.reader.cursor < len(one.log) for one in self.sessions.values()):
            await asyncio.sleep(0)

    async def ready(self) -> None:
        """Wait until a client is connected and told everything."""
        while not any(session.reader for session in self.sessions.values()):
            self._moved.clear()
            await self._moved.wait()
        await self.flush()

    def cut(self) -> None:
        for transport in self._transports:
            transport.abort()
        for session in self.sessions.values():
            session.reader = None

    async def invalidate(self) -> None:
        """Forget every session and say so (op 9)."""
        readers = [session.reader for session in self.sessions.values() if session.reader]
        self.sessions.clear()
        for reader in readers:
            await reader.send(orjson.dumps({"op": INVALID, "d": False}))

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        stream = request.query.get("compress")
        if stream not in (None, "zlib-stream") or not isinstance(request.transport, asyncio.Transport):
            raise web.HTTPBadRequest(text=f"{stream} is not spoken here")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        self._transports.add(request.transport)
        reader = Reader(socket, compress=stream is not None)
        await reader.send(orjson.dumps({"op": HELLO, "d": {"heartbeat_interval": self.heartbeat_ms}}))
        try:
            await self._converse(reader)
        finally:
            self._transports.discard(request.transport)
        return socket

    async def _converse(self, reader: Reader) -> None:
        session: Session | None = None
        writing: asyncio.Task[None] | None = None
        try:
            async for packet in reader.socket:
                if packet.type is not WSMsgType.TEXT:
                    continue
                order = orjson.loads(packet.data)
                if order["op"] in COMMANDS:
                    self.record("command", COMMANDS[order["op"]], order["d"])
                if order["op"] == HEARTBEAT:
                    await reader.send(orjson.dumps({"op": ACK}))
                elif order["op"] in (IDENTIFY, RESUME):
                    session = await self._admit(reader, order)
                    writing = asyncio.create_task(reader.follow(session)) if session else None
                elif order["op"] == REQUEST_MEMBERS and session:
                    self._chunk(session, order["d"])
        finally:
            if writing:
                writing.cancel()
            if session and session.reader is reader:
                session.reader = None

    async def _admit(self, reader: Reader, order: Json) -> Session | None:
        wish: Json = order["d"]
        if wish["token"] != self.token:
            await reader.socket.close(code=4004, message=b"Authentication failed.")
            return None
        if order["op"] == RESUME:
            return await self._resume(reader, wish)
        if wish["intents"] & PRIVILEGED & ~self.allowed:
            await reader.socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        number, count = wish.get("shard", (0, 1))
        session = Session(id=self.world.snowflake(), intents=wish["intents"], shard=(number, count), reader=reader)
        self.sessions[session.id] = session
        self.identified += 1
        self._greet(session, wish)
        self._moved.set()
        return session

    def _greet(self, session: Session, wish: Json) -> None:
        guilds = [guild for guild in self.world.guilds.values() if session.hears({"guild_id": guild.id})]
        ready: Json = {
            "v": 10,
            "user": self.world.bot.json() | {"mfa_enabled": True, "verified": True, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self.world.bot.id, "flags": flags_of(self.allowed)},
        }
        self._append(session, "READY", ready | ({"shard": wish["shard"]} if "shard" in wish else {}))
        for guild in guilds:
            if as_seen("GUILD_CREATE", {}, session.intents, "") is not None:
                self._append(session, "GUILD_CREATE", guild.event() | {"unavailable": False})

    async def _resume(self, reader: Reader, wish: Json) -> Session | None:
        session = self.sessions.get(wish["session_id"] or "")
        if session is None:
            await reader.send(orjson.dumps({"op": INVALID, "d": False}))
            return None
        reader.cursor, session.reader = wish["seq"] or 0, reader
        self.resumed += 1
        self._append(session, "RESUMED", {})
        self._moved.set()
        return session

    def _chunk(self, session: Session, wish: Json) -> None:
        guild = self.world.guilds[str(wish["guild_id"])]
        whole = not ("user_ids" in wish or wish.get("query"))
        members = [] if whole and not session.intents & GUILD_MEMBERS else self._wanted(guild, wish)
        chunks = [members[start : start + 1000] for start in range(0, len(members), 1000)] or [[]]
        for index, chunk in enumerate(chunks):
            data: Json = {"guild_id": guild.id, "members": chunk, "chunk_index": index, "chunk_count": len(chunks)}
            self._append(session, "GUILD_MEMBERS_CHUNK", data | ({"nonce": wish["nonce"]} if "nonce" in wish else {}))

    @staticmethod
    def _wanted(guild: Guild, wish: Json) -> list[Json]:
        if "user_ids" in wish:
            wanted = wish["user_ids"] if isinstance(wish["user_ids"], list) else [wish["user_ids"]]
            return [guild.members[str(key)].json() for key in wanted if str(key) in guild.members]
        named = [one.json() for one in guild.members.values() if one.name.startswith(wish.get("query", ""))]
        return named[: wish.get("limit") or None]

    async def close(self) -> None:
        for session in self.sessions.values():
            if session.reader:
                await session.reader.socket.close(code=WSCloseCode.GOING_AWAY)
        self.cut()
