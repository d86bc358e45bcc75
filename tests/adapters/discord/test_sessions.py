"""How long we wait before we connect again."""

from pathlib import Path

import discord.client
import pytest

from adapters.discord.sessions import AN_HOUR, HOUR, LONGEST, SESSIONS, SOON, Pauses, Sessions
from tests.adapters.discord.running import running
from tests.servers.discord import DiscordServer


def test_pauses_are_short_until_the_day_would_run_out() -> None:
    """However often the connection breaks, we stay below a thousand sessions a day; until then nobody waits long."""
    sessions, now, begun = Sessions(), 0.0, 0
    while now < 24 * HOUR:
        assert sessions.longest(now) == SOON or begun >= AN_HOUR
        sessions.begin(now)
        begun += 1
        now += sessions.longest(now)

    assert begun < 1_000
    assert sessions.longest(now + HOUR) == SOON


def test_the_library_waits_no_longer_either() -> None:
    """Its own pauses would grow to a quarter of an hour."""
    pauses = Pauses()

    assert max(pauses.delay() for _ in range(200)) <= LONGEST
    assert SESSIONS.longest(1e12) == SOON


@pytest.mark.usefixtures("guild")
async def test_each_session_is_counted(server: DiscordServer, tmp_path: Path) -> None:
    """We count where Discord counts, at IDENTIFY; and discord.py pauses as long as we say."""
    async with running(server, tmp_path):
        assert server.identified == 1
        assert len(SESSIONS) >= 1
        assert vars(discord.client)["ExponentialBackoff"] is Pauses
