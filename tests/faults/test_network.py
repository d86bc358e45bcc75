"""The real process with a network that fails in every way, and servers that refuse: nothing is lost or doubled."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.engines import open_store
from models.store import Store
from tests.faults.crowd import Crowd
from tests.faults.process import configured, hearth
from tests.servers.discord import DiscordServer
from tests.servers.proxy import FAIR, Proxy, Weather
from tests.servers.telegram import TelegramServer
from tests.soak import rounds

#: seconds until everything works as before
RECOVERY = 60
#: how long each trouble lasts
LASTS = rounds(2, soak=20)
#: until the library's own heartbeat notices a silent gateway
HEARTBEAT = 90


@dataclass(frozen=True, slots=True)
class Network:
    """The network between the process and the two platforms."""

    api: Proxy
    gateway: Proxy
    telegram: Proxy

    def turns(self, weather: Weather) -> None:
        for proxy in (self.api, self.gateway, self.telegram):
            proxy.turns(weather)


@dataclass(frozen=True, slots=True)
class House:
    crowd: Crowd
    network: Network
    store: Store


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A process that has met everybody."""
    async with AsyncExitStack() as stack:
        discord, telegram = DiscordServer(strict=False), TelegramServer()
        for server in (discord, telegram):
            await stack.enter_async_context(server)
        addresses = (discord.api_url, discord.gateway_url, telegram.api_url)
        network = Network(*[await stack.enter_async_context(Proxy(address)) for address in addresses])
        crowd, url = Crowd(discord, telegram), f"sqlite:///{tmp_path}/hearth.db"
        config = configured(url, discord, telegram)
        for address, proxy in zip(addresses, (network.api, network.gateway, network.telegram), strict=True):
            config = config.replace(f'"{address}"', f'"{proxy.url}"')
        running = await stack.enter_async_context(hearth(tmp_path, config))
        await running.says("health listens")
        await discord.ready(60)
        await crowd.arrives()
        store = await open_store(url)
        stack.push_async_callback(store.close)
        yield House(crowd, network, store)


async def recovered(house: House, within: float = RECOVERY) -> float:
    """Seconds until everything said is in the store and everything owed is done."""
    began = time.monotonic()
    while True:
        async with house.store.read() as tx:
            missing, owed = await house.crowd.missing(tx), await house.crowd.owed(tx)
        if not missing and not owed and not house.crowd.telegram.pending:
            return time.monotonic() - began
        assert time.monotonic() - began < within, f"{len(missing)} missing, {len(owed)} owed {owed[:3]}"
        await asyncio.sleep(0.1)


async def through(house: House, begins: Callable[[], None], ends: Callable[[], None], *, hole: bool = False) -> None:
    """Members go on meanwhile; afterwards everything is there once, and everybody was answered.

    Only a hole that swallows two tries of a reply leaves it unsaid, and then it is known to be unknown.
    """
    crowd = house.crowd
    async with crowd.acting():
        await asyncio.sleep(1)
        begins()
        await asyncio.sleep(LASTS)
        ends()
        await asyncio.sleep(0.5)
    await recovered(house, HEARTBEAT if hole else RECOVERY)
    await crowd.at_rest()
    await recovered(house)
    await crowd.prove_the_end(house.store)
    async with house.store.read() as tx:
        unheard = await crowd.unheard(tx) if hole else crowd.typed - set(crowd.replies())
    assert unheard == set()


@pytest.mark.parametrize(
    "weather",
    [
        Weather(delay=0.3),
        Weather(stalls=True),
        Weather(resets=True),
        Weather(carries=600),
        Weather(half=300),
        pytest.param(
            Weather(hole=True),
            marks=pytest.mark.skipif(LASTS < 20, reason="a silent gateway is noticed after a minute: make soak waits"),
        ),
    ],
    ids=["delay", "stall", "reset", "cut short", "half-closed", "black hole"],
)
@pytest.mark.timeout(300)
async def test_weather(house: House, weather: Weather) -> None:
    """Nothing is lost, no command runs twice, and a minute later all is normal; a silent gateway takes longer."""
    network = house.network
    await through(house, lambda: network.turns(weather), lambda: network.turns(FAIR), hole=weather.hole)
    assert max(house.crowd.replies().values()) <= 2, "where only the answer is lost, what was said is said again once"


@pytest.mark.parametrize("status", [429, 500, 502])
@pytest.mark.timeout(300)
async def test_servers_that_refuse(house: House, status: int) -> None:
    """Busy or broken servers are asked again, no sooner than they said, and nothing is lost or doubled."""
    crowd, wait = house.crowd, 1 if status == 429 else None

    def refuse() -> None:
        crowd.telegram.fault("*", status, "Too Many Requests" if wait else "Broken", times=12, retry_after=wait)
        for method, path in (("POST", "/channels/.*"), ("GET", "/channels/.*"), ("POST", "/interactions/.*")):
            crowd.discord.fault(method, path, status, times=4, retry_after=wait)

    def heal() -> None:
        for fault in crowd.telegram.faults:
            fault.times = 0

    await through(house, refuse, heal)
    assert set(crowd.replies().values()) == {1}
