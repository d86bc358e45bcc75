"""Members' words and secrets stay out of the logs, of every library, at every level."""

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.process import HERE, configured, hearth
from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer

#: contained in every message, title, option name, and answer
WORD = "sesame"
PASSWORD = "hidden-in-the-address"


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


async def test_no_word_of_a_member_is_logged(
    tmp_path: Path, discord: DiscordServer, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the DEBUG level of a whole process, with asyncio's own debugging: no message, question, answer or search.

    Nor what was refused, nor what a listener failed at; and no letter about a fault has it either.
    """
    guild, group = discord.guild("Hearth"), telegram.group("Hearth")
    general, ann, bob = guild.channel("general"), guild.member("ann"), telegram.user("bob", username="bob")
    group.add(bob)
    config = configured(tmp_path, discord, telegram)
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    config = config.replace("[telegram]", "message_content = true\n[telegram]", 1)

    async with hearth(tmp_path, config) as running:
        await running.says(r"port=(\d+)")
        await discord.ready(20)
        await ann.says(general, f"{WORD} in a message")
        await (await ann.slash(general, "find", {"words": WORD})).done()
        await (await ann.slash(general, "question show", {"question": f"{WORD} {WORD}"})).done()
        await bob.says(group, f"{WORD} among friends")
        await bob.says(group, f'/ask "What is {WORD}?" {WORD}')
        await telegram.heard(bob, WORD, timeout=10)
        await bob.says(group, f"/answer {WORD} {WORD}")
        await bob.says(group, f"/answer 1 {WORD}")
        await telegram.heard(bob, "Answer 2", timeout=10)
        with closing(sqlite3.connect(tmp_path / "hearth.db", timeout=20)) as db, db:
            db.execute("DROP TABLE question_place")  # listeners fail from here on
        await bob.says(group, f"{WORD} for a listener that fails")
        await running.says("listener failed")
        running.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            await running.process.wait()

        assert "level" in running.said or "[debug" in running.said or "[info" in running.said
        assert [line for line in running.said.splitlines() if WORD in line.lower()] == []
    with closing(sqlite3.connect(tmp_path / "hearth.db")) as db:
        letters = [error for (error,) in db.execute("SELECT error FROM dead_letter")]
        assert letters
        assert not [error for error in letters if WORD in error]


async def test_no_address_shows_who_asks(tmp_path: Path, discord: DiscordServer, telegram: TelegramServer) -> None:
    """`hearth check` and the logs of `hearth run` tell where a platform is contacted, but not the password."""
    config = configured(tmp_path, discord, telegram)
    config = config.replace(f'"{telegram.api_url}"', f'"http://user:{PASSWORD}@127.0.0.1:9/there"')
    config = config.replace(discord.gateway_url, f"ws://127.0.0.1:9/?key={PASSWORD}")
    config = config.replace(discord.api_url, "http://127.0.0.1:9/api")
    (tmp_path / "hearth.toml").write_text(config, encoding="utf-8")

    checking = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "check", "--config", "hearth.toml"),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(HERE), "HTTPS_PROXY": f"http://me:{PASSWORD}@127.0.0.1:9"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        told, _ = await checking.communicate()
    async with hearth(tmp_path, config, "running") as running:
        await running.says("telegram has to wait")
        await running.says("client broke|gateway closed")
        said = running.said

    assert "127.0.0.1:9" in told.decode()
    for text in (told.decode(), said):
        assert PASSWORD not in text
