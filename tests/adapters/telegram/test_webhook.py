"""Telegram calls us instead of being polled: which callers are allowed, and when Telegram is told "received"."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.host.config import Config
from bot.kit.errors import Unservable
from bot.kit.platform import Endpoint
from tests.adapters.telegram.running import Running, configured, running
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person

SECRET = "hush_-1"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = b'{"update_id": 1, "levitation": {}}'


async def knock(endpoint: Endpoint, headers: Mapping[str, str], body: bytes) -> int:
    return await endpoint.answer(headers, body) if endpoint.admits(headers) else 403


class Door:
    """A web server that hands everything to the endpoints of the running house."""

    def __init__(self) -> None:
        self.house: Running | None = None
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        endpoints = self.house.telegram.endpoints() if self.house else ()
        found = next((each for each in endpoints if each.path == request.path), None)
        if found is None:
            return web.Response(status=404)
        return web.Response(status=await knock(found, request.headers, await request.read()))


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door, app = Door(), web.Application()
    app.router.add_post("/{path:.*}", door.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield door
    await runner.cleanup()


@pytest.fixture
def config(server: TelegramServer, door: Door, tmp_path: Path) -> Config:
    mode = f'mode = "webhook"\nwebhook_secret = "{SECRET}"'
    return configured(server, tmp_path, mode, f'[web]\npublic_url = "{door.url}"')


@pytest.fixture
async def house(server: TelegramServer, door: Door, config: Config, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(server, tmp_path, config=config) as house:
        door.house = house
        await server.world.until(lambda: server.webhook is not None, 2, "no webhook")
        yield house
        await server._feed.set_webhook(None)


async def call(house: Running, body: bytes = UPDATE, secret: str | None = SECRET) -> int:
    (endpoint,) = house.telegram.endpoints()
    return await knock(endpoint, {} if secret is None else {HEADER: secret}, body)


async def test_ping(server: TelegramServer, house: Running, ann: Person, group: Group) -> None:
    """The whole way: Telegram calls, and gets its answer."""
    await ann.says(group, "/ping")
    await server.heard(ann, "I am here")
    await server.settled()

    assert house.telegram.health() == {"ok": True, "mode": "webhook", "trouble": "", "unread": 0}
    (asked,) = [one.params for one in server.calls if one.method == "setWebhook"]
    assert "drop_pending_updates" not in asked
    assert "message_reaction" in asked["allowed_updates"]


@pytest.mark.parametrize("shown", [None, "", "hush", SECRET.upper(), "hush\udcff"])
async def test_who_may_not_call(house: Running, shown: str | None) -> None:
    """Without the secret, or with a wrong one, nothing is read."""
    assert await call(house, b"not even JSON", shown) == 403
    assert house.core.events == []


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"7", b'{"message": {}}', b"[" * 100_000, b'{"update_id": 1}\xff', b"\xff\xfe{\0}\0"),
        *(
            b'{"update_id": %s}' % one
            for one in (b"true", b'"1"', b"1.0", b"-1", b"2147483648", b"9223372036854775808", b"NaN", b"null")
        ),
        b'{"update_id": %s}' % (b"9" * 4_000),
        b'{"update_id": 1, "levitation": {"height": %s}}' % (b"9" * 5_000),
        b'{"update_id": 1, "levitation": {"height": Infinity}}',
        b'{"update_id": 1, "update_id": false}',
    ],
)
async def test_what_is_no_update(house: Running, body: bytes) -> None:
    """A body that is no update is a bad request, even from Telegram."""
    assert await call(house, body) == 400
    assert house.core.events == []


@pytest.mark.parametrize("depth", [100, 900, *range(940, 1000, 3)])
async def test_what_is_deep(house: Running, depth: int) -> None:
    """However deeply nested an update is, it is kept or refused, and never comes again for ever."""
    body = b'{"update_id": 1, "levitation": %s}' % (b'{"a":' * depth + b"1" + b"}" * depth)
    assert await call(house, body) in (200, 400)


@pytest.mark.usefixtures("house")
async def test_a_wrong_path(door: Door) -> None:
    """The path cannot be guessed."""
    async with ClientSession() as session:
        response = await session.post(f"{door.url}/telegram", headers={HEADER: SECRET}, data=UPDATE)

    assert response.status == 404


async def test_answered_after_commit(house: Running) -> None:
    """Telegram is told "received" after the update is committed, not before."""
    house.core.before.clear()
    calling = asyncio.create_task(call(house))
    await asyncio.sleep(0.1)
    assert not calling.done()

    house.core.before.set()
    assert await calling == 200
    assert len(house.core.events) == 1


async def test_busy(server: TelegramServer, house: Running, ann: Person, group: Group) -> None:
    """Telegram calls again with what could not be committed."""
    house.core.busy = 2
    await ann.says(group, "/ping")
    await server.heard(ann, "I am here")

    assert "503" in str(server.webhook and server.webhook.last_error_message)


async def test_stopping(house: Running) -> None:
    """Once stopped, nothing new is taken."""
    await house.telegram.stop()

    assert await call(house) == 503
    assert house.core.events == []


async def test_a_refused_webhook(server: TelegramServer, config: Config, tmp_path: Path) -> None:
    """The operator must fix an address or secret that Telegram refuses."""
    server.fault("setWebhook", 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    async with running(server, tmp_path, config=config) as house:
        with pytest.raises(Unservable, match=r"(?i)https url must be provided.*web\.public_url"):
            await asyncio.wait_for(asyncio.shield(house.serving), 3)
