"""Details that make the localhost Discord pass for the real one: headers, statuses, replays and page borders."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.servers.discord import Community, DiscordServer
from tests.servers.discord_gateway import IDENTIFY, INVALID, RESUME
from tests.servers.discord_parts import Json


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as started:
        yield started


@pytest.fixture
def guild(server: DiscordServer) -> Community:
    return server.guild("Hearth")


@pytest.fixture
async def http(server: DiscordServer) -> AsyncIterator[ClientSession]:
    async with ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session:
        yield session


async def test_a_rate_limit_says_whose_it_is(server: DiscordServer, guild: Community, http: ClientSession) -> None:
    """A 429 names its route, and says in its body and headers how many seconds to wait."""
    server.fault("GET", f"/channels/{guild.channel('general').id}", 429, retry_after=1.5)

    async with http.get(f"{server.api_url}/channels/{guild.channel('general').id}") as response:
        body = await response.json()

    assert response.status == 429
    assert body["retry_after"] == 1.5
    assert (response.headers["Retry-After"], response.headers["X-RateLimit-Reset-After"]) == ("1.5", "1.5")
    assert response.headers["Via"]


async def test_json_is_called_json(server: DiscordServer, http: ClientSession) -> None:
    """discord.py reads a body as JSON under exactly one content type."""
    async with http.get(f"{server.api_url}/users/@me") as response:
        assert response.headers["Content-Type"] == "application/json"
        assert float(response.headers["X-RateLimit-Reset-After"]) <= 1


@pytest.mark.parametrize(("query", "status"), [("?with_response=true", 200), ("", 204)])
async def test_a_first_response_is_told_only_when_asked_for(
    server: DiscordServer, guild: Community, http: ClientSession, query: str, status: int
) -> None:
    """With the query the client learns what became of the interaction; without it nothing, and no JSON."""
    ann, general = guild.member("ann"), guild.channel("general")
    server.interactions.register("", [{"name": "greet", "type": 1, "description": "Say hello"}])
    answer = await ann.slash(general, "greet")
    url = f"{server.api_url}/interactions/{answer.id}/{answer.token}/callback{query}"

    async with http.post(url, json={"type": 4, "data": {"content": "hello"}}) as response:
        told = await response.read()

    assert (response.status, bool(told)) == (status, status == 200)
    assert ("json" in response.content_type) == (status == 200)


async def event(socket: ClientWebSocketResponse) -> Json:
    async with asyncio.timeout(2):
        found: Json = await socket.receive_json(loads=orjson.loads)
    return found


async def greeted(socket: ClientWebSocketResponse, server: DiscordServer) -> Json:
    """Returns READY, after HELLO and IDENTIFY."""
    await event(socket)
    wish = {"token": server.token, "intents": 513, "properties": {"os": "linux", "browser": "x", "device": "x"}}
    await socket.send_json({"op": IDENTIFY, "d": wish})
    return await event(socket)


async def test_a_resume_replays_what_was_missed(server: DiscordServer, guild: Community, http: ClientSession) -> None:
    """The address for resuming is the server's own, and missed events come in order, before RESUMED."""
    ann, general = guild.member("ann"), guild.channel("general")
    async with http.ws_connect(server.gateway_url) as socket:
        ready = (await greeted(socket, server))["d"]
        seen = (await event(socket))["s"]
    for word in ("one", "two"):
        await ann.says(general, word)

    async with http.ws_connect(ready["resume_gateway_url"]) as socket:
        await event(socket)
        wish = {"token": server.token, "session_id": ready["session_id"], "seq": seen}
        await socket.send_json({"op": RESUME, "d": wish})
        told = [await event(socket) for _ in range(3)]

    assert [one["t"] for one in told] == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
    assert [one["s"] for one in told] == [seen + 1, seen + 2, seen + 3]


async def test_an_unknown_session_cannot_be_resumed(server: DiscordServer, http: ClientSession) -> None:
    """A client that names an unknown session is told to identify again."""
    async with http.ws_connect(server.gateway_url) as socket:
        await event(socket)
        await socket.send_json({"op": RESUME, "d": {"token": server.token, "session_id": "unknown", "seq": 1}})

        assert (await event(socket))["op"] == INVALID
