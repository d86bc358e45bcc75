"""Discord on localhost, for the real discord.py: one world behind an HTTP API and a gateway, with faults on demand.

    async with DiscordServer() as server:
        guild = server.guild("Hearth")
        ann = guild.member("ann")
        ...  # start a client with server.api_url, server.gateway_url and server.token
        await server.ready()
        answer = await ann.slash(guild.channel("general"), "points give", {"to": bob, "amount": 5})
        assert "+5" in (await answer.done()).text

What passes is held to Discord's own description when the block ends; with `strict` a violation is raised.
"""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import unquote

import orjson
from aiohttp import BodyPartReader, web

from tests.servers import (  # noqa: F401  # importing them serves their routes
    discord_channels,
    discord_commands,
    discord_invites,
    discord_moderation,
    discord_pins,
    discord_reactions,
    discord_routes,
    discord_sales,
    discord_scheduled,
    discord_voting,
    discord_webhooks,
)
from tests.servers.discord_gateway import MESSAGE_CONTENT, PRIVILEGED, Gateway
from tests.servers.discord_interactions import Answer, File, Interactions, NotOfferedError
from tests.servers.discord_parts import Json
from tests.servers.discord_people import Community, Person, community
from tests.servers.discord_records import Channel, Guild, Member, Message, Role
from tests.servers.discord_rest import REFUSALS, Call, Created, RefusedError, Rest, served
from tests.servers.discord_store import Store
from tests.servers.discord_world import World
from tests.servers.spec_discord import spec

__all__ = [
    "Answer",
    "Channel",
    "Community",
    "DiscordServer",
    "File",
    "Guild",
    "Member",
    "Message",
    "NotOfferedError",
    "Person",
    "Role",
    "ViolationError",
]

ROOT = "/api/v10"
LIMITS = {
    "X-RateLimit-Limit": "50",
    "X-RateLimit-Remaining": "49",
    "X-RateLimit-Reset-After": "1.000",
    "X-RateLimit-Bucket": "everything",
}


class ViolationError(AssertionError):
    """The bot or this server broke Discord's own description."""


class Request(NamedTuple):
    method: str
    path: str
    json: Any


@dataclass(slots=True, kw_only=True)
class Fault:
    """A scripted failure of the next requests that match; `status` None drops the connection unanswered."""

    method: str
    path: re.Pattern[str]
    status: int | None
    json_code: int
    times: int
    retry_after: float | None
    hang: float
    after: bool
    #: answered with success, but with this change of the body
    spoil: Callable[[Any], Any] | None

    def response(self) -> web.Response:
        if self.status == 429:
            wait = self.retry_after or 0.0
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": False, "code": 0}
            limited = {"Via": "1.1 localhost", "Retry-After": str(wait), "X-RateLimit-Remaining": "0"}
            return spoken(429, body, limited | {"X-RateLimit-Reset-After": str(wait), "X-RateLimit-Scope": "user"})
        _, message = REFUSALS.get(self.json_code, (0, "Scripted fault"))
        return spoken(self.status or 500, {"code": self.json_code, "message": message})


class DiscordServer:
    """A world, its two entrances, and a record of all that passed; the clock tells milliseconds since 1970."""

    def __init__(
        self,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        strict: bool = True,
        intents: int = PRIVILEGED,
        token: str = "MTAwMDAwMDAwMDAwMDAwMDAw.Gexample.localhost-only",
    ) -> None:
        self.strict, self.token = strict, token
        self.requests: list[Request] = []
        #: the fetched files, by name
        self.handed_out: list[str] = []
        self.gateway = Gateway(token=token, intents=intents, record=self._record)
        self.world = self.gateway.world = World(lambda: datetime.fromtimestamp(clock() / 1000, UTC), self.gateway)
        self.interactions = Interactions(self.world)
        self.store = Store(self.world)
        self.rest = Rest(
            world=self.world,
            interactions=self.interactions,
            store=self.store,
            reads_content=bool(intents & MESSAGE_CONTENT),
            intents=intents,
        )
        self._faults: list[Fault] = []
        self._passed: list[tuple[str, tuple[Any, ...]]] = []
        self._violations: list[str] = []
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = 0

    # the way in

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 2**20)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{key}/{name}", self._file)
        app.router.add_route("*", ROOT + "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.online()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close()
        if self._runner:
            await self._runner.cleanup()
        if not (self.strict and self.violations):
            return
        report = "\n".join(dict.fromkeys(self.violations))
        if error is None:
            raise ViolationError(report)
        error.add_note(f"Discord's wire was violated:\n{report}")

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._port}{ROOT}"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def application_id(self) -> str:
        return self.world.bot.id

    def guild(self, name: str, *, locale: str = "en-US") -> Community:
        return community(self.world, self.interactions, name, locale=locale)

    async def ready(self, timeout: float = 10) -> None:
        """Wait until the client has identified (or resumed) and was told everything."""
        async with asyncio.timeout(timeout):
            await self.gateway.ready()

    # what can be seen afterwards

    def visible_to(self, person: Person) -> list[Message]:
        """Every message a person can read, with private replies and direct messages, the oldest first."""
        return person.sees()

    @property
    def syncs(self) -> int:
        """How often commands were overwritten."""
        return self.interactions.syncs

    @property
    def identified(self) -> int:
        return self.gateway.identified

    @property
    def resumed(self) -> int:
        return self.gateway.resumed

    @property
    def violations(self) -> list[str]:
        """What broke the description, in order: REQ (the bot's), RES and EVT (this server's) lines."""
        description = spec()
        passed, self._passed = self._passed, []
        for kind, facts in passed if description else ():
            self._violations += getattr(description, kind)(*facts)
        return self._violations

    def _record(self, kind: str, *facts: Any) -> None:
        self._passed.append((kind, facts))

    # faults

    def fault(
        self,
        method: str,
        path: str,
        status: int | None,
        json_code: int = 0,
        *,
        times: int = 1,
        retry_after: float | None = None,
        hang: float = 0,
        after: bool = False,
        spoil: Callable[[Any], Any] | None = None,
    ) -> Fault:
        """Fail the next `times` requests whose path (after /api/v10) matches; `after` fails them once performed.

        With `spoil` they succeed, but their answer becomes unreadable.
        """
        shape = re.compile(path)
        fault = Fault(
            method=method,
            path=shape,
            status=status,
            json_code=json_code,
            times=times,
            retry_after=retry_after,
            hang=hang,
            after=after,
            spoil=spoil,
        )
        self._faults.append(fault)
        return fault

    async def cut(self) -> None:
        """Drop the websockets without a close frame; sessions can be resumed."""
        self.gateway.cut()
        await asyncio.sleep(0)

    async def invalidate(self) -> None:
        """Forget the sessions and say so (op 9)."""
        await self.gateway.invalidate()

    def forget_sessions(self) -> None:
        """Refuse every resume from now on."""
        self.gateway.sessions.clear()

    async def offline(self, *, forgets: bool = True) -> None:
        """Refuse connections while the world goes on; by default the sessions do not survive."""
        if self._site:
            await self._site.stop()
        self._site = None
        self.gateway.cut()
        server = self._runner.server if self._runner else None
        for connection in server.connections if server else ():
            if connection.transport:
                connection.transport.abort()
        if forgets:
            self.forget_sessions()

    async def online(self) -> None:
        if self._runner is None or self._site is not None:
            return
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.world.base_url = f"http://127.0.0.1:{self._port}"
        self.gateway.url = self.rest.gateway_url = self.gateway_url

    # the HTTP API

    async def _file(self, request: web.Request) -> web.Response:
        self.handed_out.append(request.match_info["name"])
        kind, content = self.world.files.get(request.match_info["key"], ("", b""))
        return web.Response(body=content, content_type=kind) if kind else web.Response(status=404)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = await taken_apart(request, self.rest)
        self.requests.append(Request(call.method, call.path, call.body))
        self._record("request", call.method, call.path, call.body)
        fault = self._next_fault(call)
        if fault is None or fault.after or fault.spoil:
            response = await self._perform(call, request)
        if fault is not None and fault.spoil:
            return spoken(200, fault.spoil(body_of(response)))
        if fault is not None:
            response = await self._fail(fault, request)
            if fault.status is None:
                return response  # into a closed connection: nobody reads it
        body = body_of(response)
        self._record("response", call.method, call.path, response.status, body)
        return response

    def _next_fault(self, call: Call) -> Fault | None:
        for fault in self._faults:
            if fault.times and fault.method == call.method and fault.path.fullmatch(call.path):
                fault.times -= 1
                return fault
        return None

    @staticmethod
    async def _fail(fault: Fault, request: web.Request) -> web.Response:
        await asyncio.sleep(fault.hang)
        if fault.status is None and request.transport:
            request.transport.close()
        return fault.response()

    async def _perform(self, call: Call, request: web.Request) -> web.Response:
        try:
            result = await self._handle(call, request.headers.get("Authorization"))
        except RefusedError as refusal:
            return spoken(refusal.status, refusal.body)
        if isinstance(result, Created):
            return spoken(201, result.body)
        return web.Response(status=204, headers=LIMITS) if result is None else spoken(200, result)

    async def _handle(self, call: Call, authorization: str | None) -> Json | list[Json] | Created | None:
        if not call.path.startswith(("/webhooks/", "/interactions/")) and authorization != f"Bot {self.token}":
            raise RefusedError(40001)
        found = served(call.method, call.path)
        if found is None:
            self._violations.append(f"SRV {call.method} {call.path}: not served by this localhost server")
            raise RefusedError(0)
        handler, parts = found
        return await handler(call, *parts)


def body_of(response: web.Response) -> Any:
    return orjson.loads(response.body) if isinstance(response.body, bytes) and response.body else None


def spoken(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    kind = {"Content-Type": "application/json"}  # discord.py reads a body as JSON under exactly this type
    return web.Response(status=status, body=orjson.dumps(body), headers=LIMITS | (headers or {}) | kind)


async def taken_apart(request: web.Request, rest: Rest) -> Call:
    reason = request.headers.get("X-Audit-Log-Reason")
    path = request.path.removeprefix(ROOT)
    call = Call(rest=rest, method=request.method, path=path, query=request.query, reason=reason and unquote(reason))
    if request.content_type == "application/json":
        raw = await request.read()
        call.body = orjson.loads(raw) if raw else None
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            content = bytes(await part.read())
            if part.name == "payload_json":
                call.body = orjson.loads(content)
            else:
                if part.name and not part.name.startswith("files["):
                    call.body = {**(call.body or {}), part.name: part.filename}
                kind = part.headers.get("Content-Type", "application/octet-stream")
                call.files.append((part.filename or "file", content, kind))
    return call
