"""Starting and failing to serve Discord: what the operator is told, and what must not stop the rest."""

import asyncio
import threading
from pathlib import Path

import pytest
from discord.gateway import KeepAliveHandler

from adapters.discord import client
from adapters.discord.intake import Intake
from bot.kit.errors import Unservable
from bot.kit.events import Event, MemberLeft
from tests.adapters.discord.running import Notebook, config, eventually, opened, running
from tests.servers.discord import Community, DiscordServer, Person


async def test_a_wrong_token(server: DiscordServer, tmp_path: Path) -> None:
    """The operator learns that Discord does not accept the token, and the token is not shown."""
    async with opened(tmp_path) as core:
        adapter = client.open(core, config(server, tmp_path, token="very-secret"))
        with pytest.raises(Unservable) as refused:
            await adapter.serve()

        assert "discord.token" in refused.value.mend
        assert "very-secret" not in str(refused.value)
        assert [ok for ok, _ in await adapter.check()] == [False]


@pytest.mark.usefixtures("guild")
async def test_a_token_revoked_while_we_are_served(server: DiscordServer, tmp_path: Path) -> None:
    """When the token stops being accepted, serving ends with the message for that."""
    async with opened(tmp_path) as core:
        adapter = client.open(core, config(server, tmp_path))
        serving = asyncio.create_task(adapter.serve())
        await server.ready()
        server.gateway.token = "another"
        server.forget_sessions()
        await server.cut()

        with pytest.raises(Unservable, match="Reset Token"):
            await asyncio.wait_for(serving, 20)


@pytest.mark.usefixtures("guild")
async def test_stopped_while_connecting(server: DiscordServer, tmp_path: Path) -> None:
    """Stopped while only the first of several connections is open, everything ends soon."""
    async with opened(tmp_path) as core:
        adapter = client.open(core, config(server, tmp_path, shards=2))
        serving = asyncio.create_task(adapter.serve())
        await eventually(lambda: server.identified == 1, 60)
        await adapter.stop()

        await asyncio.wait_for(serving, 30)
        await eventually(lambda: not any(isinstance(each, KeepAliveHandler) for each in threading.enumerate()))


async def test_refused_commands_keep_nobody_out(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """When Discord does not take the commands, everything else goes on, and health says so."""
    server.fault("PUT", "/applications/.*/commands", 400, 50035)
    async with running(server, tmp_path) as house:
        await ann.says(guild.channel("general"), "hi")
        await eventually(lambda: notebook.events)

        assert house.adapter.health()["commands"] == "refused"


@pytest.mark.usefixtures("guild")
async def test_health(server: DiscordServer, tmp_path: Path) -> None:
    """An operator sees whether we are connected."""
    async with running(server, tmp_path) as house:
        healthy = dict(house.adapter.health())
    gone = house.adapter.health()["ok"]

    assert (healthy["ok"], healthy["guilds"], healthy["behind"], gone) == (True, 1, 0, False)


async def test_a_store_that_is_busy() -> None:
    """Events wait for the store, in their order, and all that wait go in one call."""
    absorbed: list[list[str]] = []
    failures = [RuntimeError("busy"), RuntimeError("busy")]

    async def absorb(events: list[Event]) -> None:
        if failures:
            raise failures.pop()
        absorbed.append([event.cause for event in events])

    intake = Intake(absorb)  # type: ignore[arg-type] # it is given a list
    running_intake = asyncio.create_task(intake.run())
    intake.take(MemberLeft(cause="1", at=0))
    await asyncio.sleep(0)
    intake.take(MemberLeft(cause="2", at=0), None, MemberLeft(cause="3", at=0))
    await intake.drain(5)
    running_intake.cancel()

    assert absorbed == [["1"], ["2", "3"]]
