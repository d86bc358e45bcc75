"""Guards a port that strangers can reach: limits how many connect and for how long, and repeats none of their words."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Network = IPv4Network | IPv6Network

#: callers need not know which software answers, nor guess the type of the answer
HEADERS = {"Server": "-", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
#: the library's status for bytes it cannot read; other errors are our own
NOT_HTTP = 400
#: bytes sent but not yet read, for each connection
BUFFERED = 16 * 1024
#: seconds in which the rest of a refused body is read, so that the refusal arrives before the connection is cut
LINGER = 2.0
#: addresses whose pace is remembered
REMEMBERED = 1024
#: the owner of an IPv6 address has all of its network
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    #: connections at once: in all, and from one address
    connections: int = 256
    per_address: int = 64
    #: new connections a second from one address, and how many of them may come at once
    pace: float = 100.0
    burst: int = 200
    #: seconds in which a stranger must send everything and take our answer
    patience: float = 10.0
    #: seconds a known caller may stay after each call: more than an answer takes
    stay: float = 75.0


class Visit(web.RequestHandler):
    """One connection, cut at its deadline whatever it does: sends slowly, reads slowly, or nothing at all."""

    __slots__ = ("_deadline", "_door", "_line", "known")

    def __init__(self, door: "Door", **settings: Any) -> None:
        super().__init__(door, **settings)
        self._door = door
        self._line: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        #: whether the caller has proven that it may call
        self.known = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a connection that cannot be written to")
        self._line = transport
        if not self._door.enter(self, address(transport)):
            transport.abort()
            return
        self._set_deadline(self._door.limits.patience)
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._door.leave(self)
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def welcome(self) -> None:
        self.known = True
        self._set_deadline(self._door.limits.stay)

    def cut(self) -> None:
        self._door.leave(self)
        if self._line:
            self._line.abort()

    def _set_deadline(self, seconds: float) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.cut)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Log without content: the library would log and show what was sent, which may be a webhook's path."""
        del message
        if status == NOT_HTTP:
            log.debug("not HTTP", error=type(exc).__name__)
        else:
            log.error("page broke", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun")
        return refusal(status)

    def log_exception(self, *args: Any, **kw: Any) -> None:
        del args
        log.error("connection broke", error=type(kw.get("exc_info")).__name__)


class Door(web.Server):
    """The library's low-level server with a table of connections; strangers make room for newcomers."""

    def __init__(self, handler: Handler, limits: Limits, proxies: Sequence[Network]) -> None:
        super().__init__(
            handler,
            access_log=None,  # paths of webhooks may be secrets
            auto_decompress=False,  # the signature covers the body as it came, and compression bombs stay packed
            read_bufsize=BUFFERED,
            lingering_time=LINGER,
            keepalive_timeout=limits.stay,
        )
        self.limits = limits
        self._proxies = proxies
        self._visits: dict[Visit, str] = {}
        self._pace = Pace(limits.pace, limits.burst)

    def __call__(self) -> Visit:
        return Visit(self, loop=self._loop, **self._kwargs)

    def enter(self, visit: Visit, peer: str) -> bool:
        """Behind a proxy every address is the proxy's: there only the limit for all connections applies."""
        here = origin(peer)
        if not any(ip_address(peer) in network for network in self._proxies):
            neighbours = [each for each, where in self._visits.items() if where == here]
            if not self._pace.allows(here, self._loop.time()) or not _room(neighbours, self.limits.per_address):
                return False
        if not _room(list(self._visits), self.limits.connections):
            return False
        self._visits[visit] = here
        return True

    def leave(self, visit: Visit) -> None:
        self._visits.pop(visit, None)


def _room(visits: Sequence[Visit], limit: int) -> bool:
    """Whether there is room; if needed, cut the stranger who has stayed longest."""
    if len(visits) < limit:
        return True
    stranger = next((each for each in visits if not each.known), None)
    if stranger:
        stranger.cut()
    return stranger is not None


class Pace:
    """Limits how often each address comes; for the latest addresses it keeps when they have made up for their calls."""

    def __init__(self, rate: float, burst: int) -> None:
        self._apart = 1 / rate
        self._slack = burst / rate
        self._due: dict[str, float] = {}

    def allows(self, where: str, now: float) -> bool:
        due = max(self._due.pop(where, now), now)
        allowed = due + self._apart - now <= self._slack
        self._due[where] = due + self._apart if allowed else due
        if len(self._due) > REMEMBERED:
            del self._due[next(iter(self._due))]
        return allowed


def address(transport: asyncio.BaseTransport) -> str:
    """The caller's address; one that left before we asked has none, and counts as 0.0.0.0."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]).partition("%")[0] if peer else "0.0.0.0"  # noqa: S104 - not bound, only counted


def origin(peer: str) -> str:
    """What counts as one address."""
    there = ip_address(peer)
    if isinstance(there, IPv6Address) and there.ipv4_mapped:
        return str(there.ipv4_mapped)
    return str(ip_network((peer, IPV6_PREFIX), strict=False)) if isinstance(there, IPv6Address) else peer


def welcome(request: web.BaseRequest) -> None:
    """The caller has proven that it may call, so it may stay."""
    if isinstance(request.protocol, Visit):
        request.protocol.welcome()


def reply(status: int) -> web.Response:
    return web.Response(status=status, headers=HEADERS)


def refusal(status: int) -> web.Response:
    """A status without any words; a refused caller must connect again."""
    response = reply(status)
    response.force_close()
    return response


def routing(methods: Sequence[str], routes: Mapping[str, Handler]) -> Handler:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        handler = routes.get(request.path)
        if handler is None:
            return refusal(404)
        if request.method not in methods:
            response = refusal(405)
            response.headers["Allow"] = ", ".join(methods)
            return response
        return await handler(request)

    return answer
