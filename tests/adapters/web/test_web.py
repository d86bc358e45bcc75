"""The web server over a real connection: what operators see, and what platforms get for what they send."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession

from adapters.web import client
from adapters.web.client import BODY_BYTES, Web
from bot import config as configuration
from bot.capability import House
from bot.clock import HandClock
from bot.config import Config
from bot.core import Core
from bot.effects import Effect
from bot.errors import Refused, Unservable
from bot.events import Event, MessagePosted
from bot.people import Person, Spot
from bot.platform import Abilities, Delivery, Endpoint, Receipt
from models.migrate import migrate
from models.store import open_store

TOKEN = "123:very-secret"


class Sender:
    """A platform that is served by us, as well or unwell as the test wants it."""

    name = "sender"
    abilities = Abilities(private_replies=False, roles=False, history=False, keyed=False)

    def __init__(self) -> None:
        self.report: dict[str, bool | int | str] = {"ok": True}
        self.got: list[tuple[str, bytes]] = []
        self.status = 200
        self.error: Exception | None = None
        self.release = asyncio.Event()
        self.release.set()

    async def answer(self, headers: Mapping[str, str], body: bytes) -> int:
        await self.release.wait()
        if self.error:
            raise self.error
        self.got.append((headers["x-signature"], body))
        return self.status

    async def serve(self) -> None: ...

    async def stop(self) -> None: ...

    async def close(self) -> None: ...

    async def perform(self, delivery: Delivery) -> Receipt:
        raise Refused("unsupported", str(delivery))

    def read(self, raw: str) -> Sequence[Event]:
        raise ValueError(raw)

    def endpoints(self) -> Sequence[Endpoint]:
        return (Endpoint(path="/hooks/sender", answer=self.answer),)

    async def check(self) -> Sequence[tuple[bool, str]]:
        return ()

    def health(self) -> Mapping[str, bool | int | str]:
        if not self.report:
            raise RuntimeError(TOKEN)
        return self.report


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("HEARTH_TELEGRAM__TOKEN", TOKEN)
    file = tmp_path / "config.toml"
    file.write_text('[web]\nport = 0\n[telegram]\nmode = "poll"\n', encoding="utf-8")
    return configuration.load(file)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    store = await open_store(f"sqlite:///{tmp_path}/hearth.db")
    await migrate(store)
    yield Core(store, House.of([]), HandClock(1_800_000_000_000))
    await store.close()


@pytest.fixture
def sender(core: Core) -> Sender:
    platform = Sender()
    core.plug(platform)
    return platform


@pytest.fixture
async def web(core: Core, config: Config, sender: Sender) -> AsyncIterator[Web]:
    del sender
    opened = Web(core, config, patience=0.3)
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def http(web: Web) -> AsyncIterator[ClientSession]:
    async with ClientSession(f"http://127.0.0.1:{web.port}", headers={"X-Signature": "yes"}) as session:
        yield session


async def test_well(http: ClientSession) -> None:
    """When store and platforms are well an operator reads so; the page is not sniffed, kept or traced to a server."""
    async with http.get("/health") as answer:
        assert (answer.status, await answer.json()) == (
            200,
            {"ok": True, "store": {"ok": True, "lag_ms": 0}, "platforms": {"sender": {"ok": True}}},
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


async def test_platform_unwell(http: ClientSession, sender: Sender) -> None:
    """One platform that is not served makes the whole unwell, and what it says is shown without secrets."""
    sender.report = {"ok": False, "error": f"https://api/bot{TOKEN}/getMe"}
    async with http.get("/health") as answer:
        assert answer.status == 503
        report = await answer.json()

    assert report["ok"] is False
    assert report["platforms"]["sender"] == {"ok": False, "error": "https://api/bot[secret]/getMe"}


async def test_platform_broken(http: ClientSession, sender: Sender) -> None:
    """A platform that cannot even tell is unwell, and its error stays in the log."""
    sender.report = {}
    async with http.get("/health") as answer:
        assert answer.status == 503
        assert TOKEN not in await answer.text()


async def test_store_unwell(http: ClientSession, core: Core, tmp_path: Path) -> None:
    """When the store fails the house is neither well nor ready, and the figures are still there."""
    async with http.get("/ready") as answer:
        assert (answer.status, await answer.json()) == (200, {"ready": True})
    well, core.store = core.store, await open_store(f"sqlite:///{tmp_path}/without-tables.db")

    for path in ("/health", "/ready"):
        async with http.get(path) as answer:
            assert answer.status == 503
    async with http.get("/metrics") as answer:
        assert "hearth_outbox_lag_seconds NaN" in await answer.text()
    await core.store.close()
    core.store = well


async def test_metrics(http: ClientSession, core: Core) -> None:
    """The figures come in Prometheus' own format and count what happened."""

    async def absorbed() -> float:
        async with http.get("/metrics") as answer:
            assert answer.content_type == "text/plain"
            lines = (await answer.text()).splitlines()
        assert "hearth_outbox_lag_seconds 0.0" in lines
        return next(float(line.split()[1]) for line in lines if line.startswith("hearth_absorbed_total "))

    before = await absorbed()
    spot = Spot("sender", "1", "chat", "Home")
    await core.absorb([MessagePosted(cause="sender:1", at=1, who=Person("sender", "7", "Ann"), spot=spot, length=2)])

    assert await absorbed() == before + 1


async def test_endpoint(http: ClientSession, sender: Sender) -> None:
    """A platform gets the raw body and the headers, however they are spelt, and its status is the answer."""
    sender.status = 204
    body = b'{"a":\xff }'
    async with http.post("/hooks/sender", data=body) as answer:
        assert answer.status == 204

    assert sender.got == [("yes", body)]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods(http: ClientSession, sender: Sender, method: str) -> None:
    """An endpoint is posted to and nothing else."""
    async with http.request(method, "/hooks/sender") as answer:
        assert answer.status == 405

    assert sender.got == []


async def test_size(http: ClientSession, sender: Sender) -> None:
    """A body of a megabyte arrives; one byte more is refused before the platform sees it."""
    async with http.post("/hooks/sender", data=BytesIO(bytes(BODY_BYTES))) as answer:
        assert answer.status == 200
    async with http.post("/hooks/sender", data=BytesIO(bytes(BODY_BYTES + 1))) as answer:
        assert answer.status == 413

    assert [len(body) for _, body in sender.got] == [BODY_BYTES]


async def test_failure(http: ClientSession, sender: Sender) -> None:
    """When the platform fails the sender is told to come again, and not why."""
    sender.error = RuntimeError(TOKEN)
    async with http.post("/hooks/sender") as answer:
        assert (answer.status, await answer.text()) == (500, "")


async def test_too_late(http: ClientSession, sender: Sender) -> None:
    """An answer that takes too long is given up, so that the sender comes again."""
    sender.release.clear()
    async with http.post("/hooks/sender") as answer:
        assert answer.status == 504


async def test_slow_sender(web: Web, sender: Sender) -> None:
    """A body that never ends arriving takes no longer than any other answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    writer.write(b"POST /hooks/sender HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
    async with asyncio.timeout(5):
        status = await reader.readline()
    writer.close()

    assert status.startswith(b"HTTP/1.1 504 ")
    assert sender.got == []


async def test_unknown(http: ClientSession) -> None:
    """What is not there is not there, without a banner."""
    async with http.get("/") as answer:
        assert answer.status == 404
        assert "Server" not in answer.headers


async def test_life(core: Core, config: Config) -> None:
    """It is served on a port of its own until it is stopped, and on loopback alone."""
    web = client.open(core, config)
    serving = asyncio.create_task(web.serve())
    while web.port is None:
        await asyncio.sleep(0)
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{web.port}/ready") as answer:
        assert answer.status == 200
    assert web.health() == {"ok": True, "port": web.port}

    await web.stop()
    await serving

    assert web.health()["ok"] is False
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", web.port)


async def test_stopped_before(core: Core, config: Config) -> None:
    """What was stopped before it was served binds nothing."""
    web = Web(core, config)
    await web.stop()
    await web.serve()

    assert web.port is None


async def test_port_taken(core: Core, config: Config) -> None:
    """A port that somebody else has is told with what to change."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        there = config.model_copy(update={"web": config.web.model_copy(update={"port": port})})
        with pytest.raises(Unservable, match=f"127.0.0.1 port {port} cannot be bound.*web.port"):
            await Web(core, there).serve()


async def test_performs_nothing(core: Core, config: Config) -> None:
    """Nothing can be owed to a web page."""
    with pytest.raises(Refused, match="unsupported"):
        await Web(core, config).perform(Delivery(effect=Effect(), key="1"))
