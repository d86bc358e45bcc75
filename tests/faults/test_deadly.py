"""An event that ends the process whenever it is in hand does so three times, and then is set aside."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.process import HERE, Running, hearth
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer

DEADLY = ["tests.faults.deadly"]


async def ends(running: Running, code: int) -> None:
    try:
        async with asyncio.timeout(60):
            assert await running.process.wait() == code, running.said
    except TimeoutError:
        pytest.fail(running.said)


def rows(folder: Path, question: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(folder / "hearth.db")) as store:
        return store.execute(question).fetchall()


def letters(folder: Path) -> list[tuple[str, ...]]:
    return rows(folder, "SELECT cause, error FROM dead_letter")


def check(folder: Path) -> str:
    command = [sys.executable, "-m", "bot", "check", "--config", str(folder / "hearth.toml")]
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False, timeout=60).stdout


@pytest.mark.parametrize(("words", "code"), [("die", -signal.SIGKILL), ("hang", 70)])
async def test_an_update_that_ends_the_process(tmp_path: Path, words: str, code: int) -> None:
    """Telegram sends it again each time; it is kept unread, an operator is told, and all around it is answered."""
    async with TelegramServer() as telegram:
        group = telegram.group("Hearth")
        bob = telegram.user("bob", username="bob")
        group.add(bob)
        config = f"""
[store]
url = "sqlite:///{tmp_path}/hearth.db"
[telegram]
token = "{telegram.token}"
api_url = "{telegram.api_url}"
[web]
port = 0
"""
        for text in ("hello", words, "/ping"):
            await bob.says(group, text)
        deadly = telegram.pending[1]["update_id"]

        for _ in range(3):
            async with hearth(tmp_path, config, start=DEADLY) as running:
                await ends(running, code)
        async with hearth(tmp_path, config, start=DEADLY) as running:
            await telegram.heard(bob, "I am here.", timeout=30)
            running.process.send_signal(signal.SIGTERM)
            await ends(running, 0)

    assert letters(tmp_path) == [
        (f"telegram:raw:{deadly}", "Deadly: It was in hand at three ends of the process, so it was set aside unread.")
    ]
    assert f"telegram:raw:{deadly} ended the process whenever it was in hand" in check(tmp_path)


async def test_a_message_in_history_that_ends_the_process(tmp_path: Path) -> None:
    """Discord tells it once, then history has it after every start, even after an orderly one."""
    async with DiscordServer() as discord:
        guild = discord.guild("Hearth")
        general = guild.channel("general")
        ann = guild.member("ann")
        config = f"""
[store]
url = "sqlite:///{tmp_path}/hearth.db"
[discord]
token = "{discord.token}"
api_url = "{discord.api_url}"
gateway_url = "{discord.gateway_url}"
message_content = true
[web]
port = 0
"""
        async with hearth(tmp_path, config, start=DEADLY) as running:
            await discord.ready(30)
            async with asyncio.timeout(30):
                while not rows(tmp_path, "SELECT ref FROM watermark"):
                    await ann.says(general, "hello")
                    await asyncio.sleep(0.5)
            await ann.says(general, "die")
            await ends(running, -signal.SIGKILL)
        for _ in range(2):
            async with hearth(tmp_path, config, start=DEADLY) as running:
                await ends(running, -signal.SIGKILL)
        for _ in range(2):
            async with hearth(tmp_path, config, start=DEADLY) as running:
                await running.says("event set aside", 30)
                assert (await (await ann.slash(general, "ping", {})).done()).text.startswith("I am here.")
                running.process.send_signal(signal.SIGTERM)
                await ends(running, 0)

    ((cause, error),) = letters(tmp_path)
    assert cause.startswith("discord:msg:")
    assert error.startswith("Deadly: ")
