"""The whole process, started as operators start it: it serves, keeps secrets, refuses a second one, stops in order."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.faults.process import WEBHOOK_SECRET, configured, hearth
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


async def test_one_process_serves_every_platform(
    tmp_path: Path, discord: DiscordServer, telegram: TelegramServer
) -> None:
    """A command is answered on Discord and on Telegram; health is served; SIGTERM ends it within 10 s and with 0.

    At the DEBUG level nothing wrote a secret.
    """
    guild = discord.guild("Hearth")
    general = guild.channel("general")
    ann = guild.member("ann")
    group = telegram.group("Hearth")
    bob = telegram.user("bob", username="bob")
    group.add(bob)

    async with hearth(tmp_path, configured(tmp_path, discord, telegram)) as running:
        port = (await running.says(r"port=(\d+)"))[1]
        await discord.ready(20)
        answer = await (await ann.slash(general, "ping", {})).done()
        assert answer.text.startswith("I am here.")
        await bob.says(group, "/ping")
        await telegram.heard(bob, "I am here.", timeout=10)

        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/health") as response:
                health = await response.text()
                assert response.status == 200, health
            async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
                assert "hearth_absorbed_total" in await response.text()

        running.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await running.process.wait() == 0, running.said
        for secret in (discord.token, telegram.token, WEBHOOK_SECRET):
            assert secret not in running.said
            assert secret not in health


async def test_a_second_process_on_one_file_is_refused(
    tmp_path: Path, discord: DiscordServer, telegram: TelegramServer
) -> None:
    """It says which process holds the lease; after a kill the next one takes over at once."""
    config = configured(tmp_path, discord, telegram)
    async with hearth(tmp_path, config, "first") as first:
        await first.says(r"port=(\d+)")
        async with hearth(tmp_path, config, "second") as second:
            assert await second.process.wait() == 1
            assert f":{first.process.pid}, which holds the lease" in second.said
            assert "Traceback" not in second.said
        first.process.kill()
        await first.process.wait()

    async with hearth(tmp_path, config, "third") as third:
        await third.says(r"port=(\d+)")


async def test_processes_on_postgres_stand_by_for_each_other(
    tmp_path: Path, telegram: TelegramServer, postgres_url: Callable[[], str]
) -> None:
    """One polls, the other waits for its lease; when the first is killed, the other continues its work."""
    group = telegram.group("Hearth")
    bob = telegram.user("bob", username="bob")
    group.add(bob)
    config = f"""
[store]
url = "{postgres_url()}"
[telegram]
token = "{telegram.token}"
api_url = "{telegram.api_url}"
[web]
port = 0
"""
    async with hearth(tmp_path, config, "first") as first:
        await first.says(r"port=(\d+)")
        await bob.says(group, "/ping")
        await telegram.heard(bob, "I am here.", timeout=10)
        async with hearth(tmp_path, config, "second") as second:
            await second.says(r"port=(\d+)")
            first.process.kill()
            await first.process.wait()
            await bob.says(group, "/about")
            await telegram.heard(bob, "keeps this community warm", timeout=40)
            second.process.send_signal(signal.SIGTERM)
            assert await second.process.wait() == 0, second.said


async def test_with_nothing_left_to_serve_it_ends(
    tmp_path: Path, discord: DiscordServer, telegram: TelegramServer
) -> None:
    """When every platform refuses, the last line says what to fix on each, and it exits 1."""
    config = configured(tmp_path, discord, telegram)
    for token in (discord.token, telegram.token):
        config = config.replace(f'"{token}"', '"1:wrong"')

    async with hearth(tmp_path, config) as running:
        async with asyncio.timeout(30):
            assert await running.process.wait() == 1
    last = running.said.strip().splitlines()[-1]
    assert "discord: " in last
    assert "telegram: " in last
    assert "1:wrong" not in running.said


async def test_a_port_that_is_taken(tmp_path: Path, discord: DiscordServer, telegram: TelegramServer) -> None:
    """Without health and webhooks it does not run; it says which port, and exits 1."""
    taken = telegram.api_url.rpartition(":")[2]
    config = configured(tmp_path, discord, telegram).replace("port = 0", f"health_port = {taken}")

    async with hearth(tmp_path, config) as running:
        async with asyncio.timeout(30):
            assert await running.process.wait() == 1
    last = running.said.strip().splitlines()[-1]
    assert last.startswith("web: ")
    assert taken in last


async def test_a_refused_token_is_said_and_the_other_platform_goes_on(
    tmp_path: Path, discord: DiscordServer, telegram: TelegramServer
) -> None:
    """One platform that cannot be served does not stop the others."""
    group = telegram.group("Hearth")
    bob = telegram.user("bob", username="bob")
    group.add(bob)
    config = configured(tmp_path, discord, telegram).replace(f'"{discord.token}"', '"wrong.token.here"')

    async with hearth(tmp_path, config) as running:
        mend = await running.says(r"platform not served.*")
        assert "platform=discord" in mend[0]
        await bob.says(group, "/ping")
        await telegram.heard(bob, "I am here.", timeout=10)
