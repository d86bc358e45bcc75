"""The tests' network does what its conditions say."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.servers.proxy import FAIR, Proxy, Weather

MUCH = bytes(20_000)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(4096):
            writer.write(piece)
    except ConnectionError:
        pass
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with Proxy(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}") as proxy:
        yield proxy
    server.close()


async def through(proxy: Proxy) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, _, port = proxy.url.removeprefix("tcp://").partition(":")
    return await asyncio.open_connection(host, int(port))


async def test_fair(proxy: Proxy) -> None:
    """Everything arrives, in both directions, and so does the end."""
    reader, writer = await through(proxy)
    writer.write(MUCH)
    writer.write_eof()
    assert await reader.read() == MUCH


async def test_delay_and_stall(proxy: Proxy) -> None:
    """Late bytes still arrive."""
    reader, writer = await through(proxy)
    for weather, lasts in ((Weather(delay=0.1), 0.0), (Weather(stalls=True), 0.2)):
        proxy.turns(weather)
        began = asyncio.get_running_loop().time()
        writer.write(b"a")
        await asyncio.sleep(lasts)
        proxy.turns(weather if not lasts else FAIR)
        assert await reader.readexactly(1) == b"a"
        assert asyncio.get_running_loop().time() - began >= 0.19
    writer.close()


async def test_hole(proxy: Proxy) -> None:
    """A connection from that time is dead for good and is not told; later ones work."""
    proxy.turns(Weather(hole=True))
    reader, writer = await through(proxy)
    writer.write(b"a")
    await asyncio.sleep(0.1)
    proxy.turns(FAIR)
    writer.write(b"a")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.2)
    assert not reader.at_eof()
    again, speaks = await through(proxy)
    speaks.write(b"a")
    assert await again.readexactly(1) == b"a"


@pytest.mark.parametrize("weather", [Weather(resets=True), Weather(carries=5000)])
async def test_reset(proxy: Proxy, weather: Weather) -> None:
    """The client reads that the connection was reset, early or in the middle."""
    reader, writer = await through(proxy)
    await asyncio.sleep(0.05)
    proxy.turns(weather)
    writer.write(MUCH)
    with pytest.raises(ConnectionError):
        assert await reader.read() == MUCH


async def test_half_closed(proxy: Proxy) -> None:
    """The client learns of the server's end, and may go on sending."""
    proxy.turns(Weather(half=1))
    reader, writer = await through(proxy)
    writer.write(b"abc")
    assert await reader.read() == b"abc"
    writer.write(b"d")
    await writer.drain()
    assert not writer.transport.is_closing()
