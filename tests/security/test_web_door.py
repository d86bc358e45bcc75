"""Raw attacks on the web server by a sender without the secret: each ends soon and costs little."""

import asyncio
import gzip
import logging
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from aiohttp.web import BaseRequest, Response, ServerRunner, TCPSite

from adapters.web.client import Web
from adapters.web.door import Door, Limits, Pace, origin, welcome
from adapters.web.webhooks import BODY_BYTES, Patience
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host import config as configuration
from bot.kit.capability import House
from models.engines import open_store
from tests.adapters.web.sender import PATH, SIGNATURE, Sender

#: seconds after which a test's server cuts
PATIENCE, STAY = 0.4, 1.0
LIMITS = Limits(connections=8, per_address=4, patience=PATIENCE, stay=STAY)
KNOWN = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Signature: {SIGNATURE}\r\n".encode()
STRANGE = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Signature: guessed-9f3b\r\n".encode()
CALL = KNOWN + b"Content-Length: 2\r\n\r\n{}"
REFUSED = STRANGE + b"Content-Length: 2\r\n\r\n{}"


class Caller:
    """A connection made by hand, without a client library."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def at(cls, port: int | None, *, buffer: int | None = None) -> "Caller":
        line = socket.socket()
        if buffer:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        line.setblocking(False)
        await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", port))
        return cls(*await asyncio.open_connection(sock=line, limit=buffer or 2**16))

    def sends(self, words: bytes) -> "Caller":
        self.writer.write(words)
        return self

    async def hears(self, end: bytes = b"\r\n\r\n") -> bytes:
        async with asyncio.timeout(5):
            return await self.reader.readuntil(end)

    async def hears_out(self) -> bytes:
        """Everything until the connection is cut."""
        said = b""
        async with asyncio.timeout(5):
            try:
                while more := await self.reader.read(2**16):
                    said += more
            except ConnectionError:
                pass
        self.writer.close()
        return said

    async def is_there(self) -> bool:
        """Whether the connection is still open."""
        await asyncio.sleep(0.02)
        return not self.reader.at_eof() and self.reader.exception() is None


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db")  # without tables: no test here asks it anything
    yield Core(store, House.of([]), HandClock(1_800_000_000_000))
    await store.close()


@pytest.fixture
def sender(core: Core) -> Sender:
    platform = Sender()
    core.plug(platform)
    return platform


def opened(core: Core, tmp_path: Path, limits: Limits = LIMITS, proxies: str = "[]") -> Web:
    file = tmp_path / "config.toml"
    file.write_text(f"[web]\nport = 0\nproxies = {proxies}\n", encoding="utf-8")
    return Web(core, configuration.load(file), Patience(body=PATIENCE / 2, answer=PATIENCE), limits)


@pytest.fixture
async def web(core: Core, sender: Sender, tmp_path: Path) -> AsyncIterator[Web]:
    del sender
    door = opened(core, tmp_path)
    await door.start()
    yield door
    await door.stop()


@pytest.fixture(autouse=True)
def _logs(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> Iterable[None]:
    """Whatever is tried, no log of any level has the path, the shown secret, or a piece of the body."""
    caplog.set_level(logging.DEBUG)
    yield
    written = caplog.text + "".join(capsys.readouterr())
    for secret in (PATH, "guessed-9f3b", SIGNATURE.join("''"), "X-Signature", "HTTP/1.1"):
        assert secret not in written


async def dripped(caller: Caller, words: bytes) -> float:
    """Seconds until a caller who sends one byte at a time is cut."""
    began = time.monotonic()
    for byte in words:
        if not await caller.is_there():
            break
        caller.sends(bytes([byte]))
        await asyncio.sleep(0.03)
    await caller.hears_out()
    return time.monotonic() - began


@pytest.mark.parametrize("words", [b"", b"P" * 60, STRANGE + b"X-Slow: " + b"a" * 60, b"\r\n" * 60])
async def test_a_slow_head(web: Web, words: bytes) -> None:
    """A caller who sends a byte at a time, or nothing, is cut after the time that everybody else needs."""
    assert await dripped(await Caller.at(web.webhook_port), words) < PATIENCE + 0.5


async def test_a_slow_head_of_a_known_caller(web: Web) -> None:
    """A first good call does not allow a caller to stay connected for ever."""
    caller = (await Caller.at(web.webhook_port)).sends(CALL)
    await caller.hears()

    assert await dripped(caller, KNOWN) < STAY + 0.5


async def test_a_slow_body(web: Web, sender: Sender) -> None:
    """A body that does not come is not waited for: not at all from a stranger, and briefly from a known caller."""
    for head, status in ((STRANGE, b"403"), (KNOWN, b"408")):
        began = time.monotonic()
        caller = (await Caller.at(web.webhook_port)).sends(head + b"Content-Length: 9\r\n\r\nhalf")
        assert (await caller.hears()).startswith(b"HTTP/1.1 " + status)
        await caller.hears_out()
        assert time.monotonic() - began < STAY + 0.5

    assert sender.got == []


async def test_who_does_not_listen() -> None:
    """A caller who never reads an answer is cut all the same."""

    async def tell_much(request: BaseRequest) -> Response:
        welcome(request)
        return Response(body=bytes(2**25))

    runner = ServerRunner(Door(tell_much, LIMITS, ()))
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", 0).start()
    caller = await Caller.at(runner.addresses[0][1], buffer=4096)
    caller.writer.transport.pause_reading()  # type: ignore[attr-defined]
    caller.sends(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await asyncio.sleep(STAY + 0.3)
    caller.writer.transport.resume_reading()  # type: ignore[attr-defined]

    assert len(await caller.hears_out()) < 2**25
    await runner.cleanup()


async def test_strangers_make_room(web: Web) -> None:
    """One address may have only so many: the stranger connected for longest is cut, and never a known caller."""
    friend = (await Caller.at(web.webhook_port)).sends(CALL)
    await friend.hears()
    strangers = [await Caller.at(web.webhook_port) for _ in range(LIMITS.per_address)]

    assert [await each.is_there() for each in strangers] == [False, True, True, True]
    assert (await friend.sends(CALL).hears()).startswith(b"HTTP/1.1 200")


async def test_no_room(web: Web) -> None:
    """If all are known, a newcomer has to come again."""
    friends = [(await Caller.at(web.webhook_port)).sends(CALL) for _ in range(LIMITS.per_address)]
    for each in friends:
        await each.hears()
    newcomer = await Caller.at(web.webhook_port)

    assert not await newcomer.is_there()
    assert [await each.is_there() for each in friends] == [True] * LIMITS.per_address


async def test_behind_a_proxy(core: Core, sender: Sender, tmp_path: Path) -> None:
    """Behind a proxy everybody has one address, so only the limit of all connections holds."""
    del sender
    web = opened(core, tmp_path, proxies='["127.0.0.0/8"]')
    await web.start()
    strangers = [await Caller.at(web.webhook_port) for _ in range(LIMITS.connections + 2)]

    assert [await each.is_there() for each in strangers] == [False] * 2 + [True] * LIMITS.connections
    await web.stop()


async def test_beside_a_proxy(core: Core, sender: Sender, tmp_path: Path) -> None:
    """A proxy configured elsewhere does not exempt callers from here."""
    del sender
    web = opened(core, tmp_path, proxies='["192.0.2.0/24"]')
    await web.start()
    strangers = [await Caller.at(web.webhook_port) for _ in range(LIMITS.per_address + 1)]

    assert [await each.is_there() for each in strangers] == [False] + [True] * LIMITS.per_address
    await web.stop()


async def test_a_storm_of_connections(core: Core, sender: Sender, tmp_path: Path) -> None:
    """A caller who comes more often than anybody needs to is cut before a word is read."""
    web = opened(core, tmp_path, Limits(pace=1, burst=3))
    await web.start()
    callers = [(await Caller.at(web.webhook_port)).sends(CALL) for _ in range(5)]

    assert [await each.is_there() for each in callers] == [True] * 3 + [False] * 2
    assert len(sender.got) == 3
    await web.stop()


def test_the_pace_of_an_address() -> None:
    """A burst, then one at a time; each address alone, and the table of them does not grow."""
    pace = Pace(rate=2, burst=3)

    assert [pace.allows("a", 10.0) for _ in range(4)] == [True, True, True, False]
    assert pace.allows("b", 10.0)
    assert [pace.allows("a", 10.5) for _ in range(2)] == [True, False]
    assert [pace.allows(str(number), 11.0) for number in range(5000)] == [True] * 5000
    assert len(pace._due) <= 1024


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_what_is_one_address(peer: str, counted: str) -> None:
    """A network of IPv6 belongs to one customer, who would otherwise have 2^64 addresses."""
    assert origin(peer) == counted


@pytest.mark.parametrize(
    ("framing", "status"),
    [
        (b"Content-Length: 1000000000000\r\n\r\n{}", b"413"),
        (b"Content-Length: %d\r\n\r\n" % (BODY_BYTES + 1), b"413"),
        (b"Content-Length: 99999999999999999999999999\r\n\r\n", b"400"),
        (b"Content-Length: 40\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(10**7), mtime=0)[:40], b"415"),
        (b"Content-Length: 2\r\nContent-Encoding: br\r\n\r\n{}", b"415"),
        (b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}BAD\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", b"400"),
    ],
)
async def test_bodies_that_are_refused(web: Web, sender: Sender, framing: bytes, status: bytes) -> None:
    """Even a known caller sends no more than a megabyte, unpacked and well framed."""
    said = await (await Caller.at(web.webhook_port)).sends(KNOWN + framing).hears_out()

    assert said.startswith(b"HTTP/1.1 " + status) or (said.startswith(b"HTTP/1.0 " + status) and status == b"400"), said
    assert sender.got == []


async def test_chunks_without_end(web: Web, sender: Sender) -> None:
    """A body without a length is read up to the limit and no further."""
    caller = (await Caller.at(web.webhook_port)).sends(KNOWN + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(BODY_BYTES // 4096 + 16):
        caller.sends(b"1000\r\n" + bytes(4096) + b"\r\n")

    assert (await caller.hears()).startswith(b"HTTP/1.1 413")
    await caller.hears_out()
    assert sender.got == []


SMUGGLED = b"POST /smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Length: +2\r\n\r\n{}",
        b"Content-Length: 2, 2\r\n\r\n{}",
        b"Content-Length: 0x2\r\n\r\n{}",
        b"Content-Length: -2\r\n\r\n{}",
        b"Content-Length : 2\r\n\r\n{}",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        b"X-Folded: a\r\n Content-Length: 2\r\n\r\n{}",
        b"X-Bare: a\nContent-Length: 2\r\n\r\n{}",
        b"X-Null: \0\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Length: 2\r\nHost: y\r\n\r\n{}",
    ],
)
async def test_two_readings_of_one_request(web: Web, sender: Sender, framing: bytes) -> None:
    """What a proxy and we might read differently is refused whole, and what hides behind it is not answered."""
    said = await (await Caller.at(web.webhook_port)).sends(KNOWN + framing + SMUGGLED).hears_out()

    assert said.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400")), said
    assert said.count(b"HTTP/1.") == 1
    assert said.endswith(b"\r\n\r\n"), "a refusal has no words"
    assert sender.got == []


@pytest.mark.parametrize(
    "words",
    [
        b"POST %s HTTP/1.1\r\n" % PATH.encode() + b"X-Long: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST %s HTTP/1.1\r\n" % PATH.encode() + b"X-Many: a\r\n" * 2_000 + b"\r\n",
        b"POST /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"POST %s HTTP/9.9\r\n\r\n" % PATH.encode(),
        b"POST %s\r\n\r\n" % PATH.encode(),
        b"PO ST %s HTTP/1.1\r\n\r\n" % PATH.encode(),
        b"POST /\x00\xff HTTP/1.1\r\n\r\n",
        b"POST http://[::1 HTTP/1.1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
        b"\xff" * 9_000,
    ],
)
async def test_what_is_not_http(web: Web, words: bytes) -> None:
    """It is refused without repeating a word of it, to the sender or in the log."""
    said = await (await Caller.at(web.webhook_port)).sends(words).hears_out()

    assert said == b"" or said.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400", b"HTTP/1.1 404", b"HTTP/0.9 403")), said
    assert PATH.encode() not in said
    assert b"ython" not in said


@pytest.mark.parametrize(
    "words",
    [
        b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n" + CALL,
        b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n" + CALL,
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n" + CALL,
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + CALL,
        b"POST %s HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" % PATH.encode() + CALL,
        b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % PATH.encode() + CALL,
        REFUSED + CALL,
    ],
)
async def test_one_refusal_ends_the_connection(web: Web, sender: Sender, words: bytes) -> None:
    """Each guess costs its own connection, and what follows a refused request is not read."""
    said = await (await Caller.at(web.webhook_port)).sends(words).hears_out()

    assert said.startswith((b"HTTP/1.1 40", b"HTTP/1.0 400")), said
    assert said.count(b"HTTP/1.") == 1
    assert sender.got == []


async def test_calls_in_a_row(web: Web, sender: Sender) -> None:
    """Known callers may send the next before the first is answered; the answers come in order."""
    sender.status = 204
    caller = (await Caller.at(web.webhook_port)).sends(CALL * 40 + REFUSED + CALL)
    said = await caller.hears_out()

    assert [line.split()[1] for line in said.splitlines() if line.startswith(b"HTTP/1.1")] == [b"204"] * 40 + [b"403"]
    assert len(sender.got) == 40


async def test_asking_before_sending(web: Web, sender: Sender) -> None:
    """A known caller is told to go on; a stranger is refused before the body leaves."""
    asking = b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    friend = (await Caller.at(web.webhook_port)).sends(KNOWN + asking)
    assert (await friend.hears()).startswith(b"HTTP/1.1 100 ")
    assert (await friend.sends(b"{}").hears()).startswith(b"HTTP/1.1 200 ")
    assert [body for _, body in sender.got] == [b"{}"]

    stranger = (await Caller.at(web.webhook_port)).sends(STRANGE + asking)
    assert (await stranger.hears()).startswith(b"HTTP/1.1 403 ")


async def test_a_broken_call(web: Web, sender: Sender) -> None:
    """A caller who leaves in the middle of a body leaves nothing behind, and raises no alarm."""
    caller = (await Caller.at(web.webhook_port)).sends(KNOWN + b"Content-Length: 9\r\n\r\nhalf")
    await asyncio.sleep(0.05)
    caller.writer.transport.abort()
    again = (await Caller.at(web.webhook_port)).sends(CALL)

    assert (await again.hears()).startswith(b"HTTP/1.1 200")
    assert [body for _, body in sender.got] == [b"{}"]


async def test_what_a_crowd_costs(core: Core, sender: Sender, tmp_path: Path) -> None:
    """Strangers who fill every place as far as they can cost a few megabytes, and a known caller gets through."""
    web = opened(core, tmp_path, Limits(per_address=10_000, burst=10_000, patience=3))
    await web.start()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    crowd = [await Caller.at(web.webhook_port) for _ in range(Limits().connections)]
    for each in crowd:
        each.sends(STRANGE + b"Content-Length: %d\r\n" % BODY_BYTES)  # not yet a whole head: it is waited for
        each.sends(b"X-Filler: " + b"a" * 8_000)
    await asyncio.sleep(0.3)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    friend = (await Caller.at(web.webhook_port)).sends(CALL)

    assert (await friend.hears()).startswith(b"HTTP/1.1 200")
    assert grown < 32 * 1024, f"{grown} KiB"
    assert len(sender.got) == 1
    for each in crowd:
        each.writer.transport.abort()
    await web.stop()


async def test_what_a_storm_of_guesses_costs(core: Core, sender: Sender, tmp_path: Path) -> None:
    """A refused call costs about a millisecond, and the loop never stops meanwhile."""
    web = opened(core, tmp_path, Limits(per_address=10_000, burst=10_000))
    await web.start()
    pauses: list[float] = []

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.001)
            pauses.append(time.monotonic() - before)

    async def guess() -> None:
        for _ in range(40):
            assert (await (await Caller.at(web.webhook_port)).sends(REFUSED).hears_out()).startswith(b"HTTP/1.1 403")

    watching = asyncio.create_task(watch())
    began = time.process_time()
    await asyncio.gather(*(guess() for _ in range(25)))
    spent = time.process_time() - began
    watching.cancel()

    assert spent / 1000 < 0.01, "caller and called together"
    assert max(pauses) < 1
    assert sender.got == []
    await web.stop()
