"""The web server over a real connection: what operators see, and what platforms get as answers."""

import asyncio
import socket
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession

from adapters.web import client
from adapters.web.client import Web
from adapters.web.webhooks import BODY_BYTES, Patience
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host import config as configuration
from bot.host.config import Config
from bot.kit import Effect
from bot.kit.capability import House
from bot.kit.errors import Refused, Unservable
from bot.kit.events import MessagePosted
from bot.kit.platform import Delivery
from bot.kit.references import Person, Spot
from models.engines import open_store
from tests import stores
from tests.adapters.web.sender import TOKEN, Sender


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("HEARTH_TELEGRAM__TOKEN", TOKEN)
    file = tmp_path / "config.toml"
    file.write_text('[web]\nport = 0\n[telegram]\nmode = "poll"\n', encoding="utf-8")
    return configuration.load(file)


@pytest.fixture
async def core(tmp_path: Path) -> AsyncIterator[Core]:
    store = await stores.opened(tmp_path)
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
    opened = Web(core, config, Patience(body=0.3, answer=0.3))
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def http(web: Web) -> AsyncIterator[ClientSession]:
    async with ClientSession(f"http://127.0.0.1:{web.port}") as session:
        yield session


@pytest.fixture
async def hooks(web: Web) -> AsyncIterator[ClientSession]:
    async with ClientSession(f"http://127.0.0.1:{web.webhook_port}", headers={"X-Signature": "yes"}) as session:
        yield session


async def test_well(http: ClientSession) -> None:
    """When store and platforms are healthy the page says so; it forbids sniffing and caching, and names no software."""
    async with http.get("/health") as answer:
        assert (answer.status, await answer.json()) == (
            200,
            {"ok": True, "store": {"ok": True, "lag_ms": 0}, "platforms": {"sender": {"ok": True}}},
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Server"] == "-"


async def test_platform_unwell(http: ClientSession, sender: Sender) -> None:
    """One platform that is not served makes the whole unhealthy, and its message is shown without secrets."""
    sender.report = {"ok": False, "error": f"https://api/bot{TOKEN}/getMe"}
    async with http.get("/health") as answer:
        assert answer.status == 503
        report = await answer.json()

    assert report["ok"] is False
    assert report["platforms"]["sender"] == {"ok": False, "error": "https://api/bot[secret]/getMe"}


async def test_platform_broken(http: ClientSession, sender: Sender) -> None:
    """A platform whose health check fails is unhealthy, and its error stays in the log."""
    sender.report = {}
    async with http.get("/health") as answer:
        assert answer.status == 503
        assert TOKEN not in await answer.text()


async def test_store_unwell(http: ClientSession, core: Core, tmp_path: Path) -> None:
    """When the store fails the house is neither healthy nor ready, and the figures still work."""
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
    """The figures are in Prometheus' own format and count what happened."""

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


async def test_endpoint(hooks: ClientSession, sender: Sender) -> None:
    """A platform gets the raw body and the headers, in any case, and its status is the answer."""
    sender.status = 204
    body = b'{"a":\xff }'
    async with hooks.post("/hooks/sender", data=body) as answer:
        assert answer.status == 204

    assert sender.got == [("yes", body)]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods(hooks: ClientSession, sender: Sender, method: str) -> None:
    """An endpoint accepts only POST."""
    async with hooks.request(method, "/hooks/sender") as answer:
        assert answer.status == 405

    assert sender.got == []


async def test_size(hooks: ClientSession, sender: Sender) -> None:
    """A body of a megabyte arrives; one byte more is refused before the platform sees it."""
    async with hooks.post("/hooks/sender", data=BytesIO(bytes(BODY_BYTES))) as answer:
        assert answer.status == 200
    async with hooks.post("/hooks/sender", data=BytesIO(bytes(BODY_BYTES + 1))) as answer:
        assert answer.status == 413

    assert [len(body) for _, body in sender.got] == [BODY_BYTES]


async def test_failure(hooks: ClientSession, sender: Sender) -> None:
    """When the platform fails, the sender is told to come again, and not why."""
    sender.error = RuntimeError(TOKEN)
    async with hooks.post("/hooks/sender") as answer:
        assert (answer.status, await answer.text()) == (500, "")


async def test_too_late(hooks: ClientSession, sender: Sender) -> None:
    """An answer that takes too long is given up, so that the sender comes again."""
    sender.release.clear()
    async with hooks.post("/hooks/sender") as answer:
        assert answer.status == 504


async def test_ports_apart(http: ClientSession, hooks: ClientSession, sender: Sender) -> None:
    """The webhook port shows no operator pages, and the operator port takes no webhooks."""
    for path in ("/health", "/ready", "/metrics"):
        async with hooks.get(path) as answer:
            assert (answer.status, await answer.read()) == (404, b"")
    async with http.post("/hooks/sender", headers={"X-Signature": "yes"}) as answer:
        assert answer.status == 404

    assert sender.got == []


async def test_nobody_calls(core: Core, config: Config) -> None:
    """Without a platform to be called, no port is open for it."""
    web = Web(core, config)
    await web.start()
    try:
        assert web.port
        assert web.webhook_port is None
    finally:
        await web.stop()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_pages_are_looked_at(http: ClientSession, method: str) -> None:
    """A page accepts only reading."""
    async with http.request(method, "/health") as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    async with http.head("/ready") as answer:
        assert answer.status == 200


async def test_a_page_that_breaks(
    http: ClientSession, core: Core, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reader learns nothing, and the log tells where the page broke."""
    core.platforms["broken"] = None  # type: ignore[assignment]
    async with http.get("/health") as answer:
        assert (answer.status, await answer.read()) == (500, b"")

    assert "AttributeError" in caplog.text + "".join(capsys.readouterr())


async def test_unknown(http: ClientSession) -> None:
    """An unknown page is not found, and its answer names no software."""
    async with http.get("/") as answer:
        assert answer.status == 404
        assert answer.headers["Server"] == "-"


async def test_life(core: Core, config: Config) -> None:
    """The pages have their own port until the server stops, on loopback only."""
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
    """A server stopped before it was started binds nothing."""
    web = Web(core, config)
    await web.stop()
    await web.serve()

    assert web.port is None


async def test_port_taken(core: Core, config: Config) -> None:
    """If another program has the port, the operator learns what to change."""
    core.plug(Sender())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for keys, other in (
            (r"web\.host and web\.port", "health_port"),
            (r"web\.health_host and web\.health_port", "port"),
        ):
            ports = {"port": port, "health_port": port, other: 0}
            there = config.model_copy(update={"web": config.web.model_copy(update=ports)})
            with pytest.raises(Unservable, match=f"127.0.0.1 port {port} cannot be bound.*{keys}"):
                await Web(core, there).serve()


async def test_performs_nothing(core: Core, config: Config) -> None:
    """A web page cannot be owed anything."""
    with pytest.raises(Refused, match="unsupported"):
        await Web(core, config).perform(Delivery(effect=Effect(), key="1"))
