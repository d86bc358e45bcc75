"""An unreadable payload of Discord concerns one event, message or channel, and never the others."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from bot.kit.events import MessagePosted
from models import dead_letters
from tests.adapters.discord import running as houses
from tests.adapters.discord.running import Running, eventually, running
from tests.servers.discord import Community, DiscordServer, Person


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def guild(server: DiscordServer) -> Community:
    return server.guild("Hearth")


@pytest.fixture
def ann(guild: Community) -> Person:
    return guild.member("ann")


@pytest.fixture(autouse=True)
def notebook() -> houses.Notebook:
    houses.notebook.events.clear()
    return houses.notebook


async def set_aside(house: Running) -> list[dict[str, Any]]:
    """The unreadable payloads, as they are kept."""
    async with house.core.store.read() as tx:
        letters = await dead_letters.letters(tx, 10)
    return [orjson.loads(orjson.loads(letter.body)["raw"]) for letter in letters]


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("MESSAGE_CREATE", {"id": "no number", "content": "between us", "channel_id": "1"}),
        ("GUILD_CREATE", {"id": "no number"}),
        ("GUILD_MEMBER_ADD", {"guild_id": None}),
        ("MESSAGE_REACTION_ADD", {}),
        ("VOICE_STATE_UPDATE", []),
        ("INTERACTION_CREATE", {"id": "77", "token": "between us"}),
        ("THREAD_DELETE", 7),
    ],
)
async def test_one_event_nobody_can_read(
    *, server: DiscordServer, guild: Community, ann: Person, tmp_path: Path, name: str, payload: Any
) -> None:
    """It is set aside as it came, without the member's words and without answer tokens; the connection stays."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        with capture_logs() as logs:
            server.gateway.tell_raw(name, payload)
            await eventually(lambda: logs)
        answer = await (await ann.slash(general, "ping", {})).done()
        await eventually(lambda: not house.adapter.health()["waiting"])

        assert answer.text.startswith("I am here.")
        assert (server.identified, house.adapter.health()["unread"]) == (1, 1)
        (kept,) = await set_aside(house)
        assert kept["t"] == name
        assert "between us" not in str(kept)
        assert [set(each) for each in logs] == [{"event", "log_level", "kind", "error"}]


async def test_an_interaction_without_its_channel(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Its place is known from the channel's number alone."""
    general = guild.channel("general")
    server.interactions.leaves_out = {"channel"}
    async with running(server, tmp_path) as house:
        asked = await (await ann.slash(general, "board", {})).done()
        pressed = await (await ann.presses(asked.message, "Next")).done()
        owed = await (await ann.slash(general, "owe", {"what": "post", "to": ann})).done()
        await house.settle()

        assert "Page 2" in pressed.text
        assert owed.text == "Owed."
        assert any("For your eyes" in message.text for message in general.messages)


async def test_an_interaction_from_nowhere(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """Without that number too it is answered, and belongs to the server as a whole."""
    server.interactions.leaves_out = {"channel", "channel_id"}
    async with running(server, tmp_path) as house:
        answer = await (await ann.slash(guild.channel("general"), "ping", {})).done()
        assert answer.text.startswith("I am here.")

        async with house.core.store.read() as tx:
            assert not await tx.all("SELECT 1 FROM place WHERE external_id = '0'")


def without_author(page: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The page with one message that says "odd" and has no author."""
    return [{key: each[key] for key in each if key != "author" or each["content"] != "odd"} for each in page]


async def test_one_message_of_history_nobody_can_read(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path, notebook: houses.Notebook
) -> None:
    """It is set aside, and the guild catches up with all the others."""
    general, other = guild.channel("general"), guild.channel("other")
    async with running(server, tmp_path):
        await ann.says(general, "before")
        await ann.says(other, "before")
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 2)
    said = [await ann.says(general, text) for text in ("one", "odd", "two")] + [await ann.says(other, "three")]
    server.fault("GET", f"/channels/{general.id}/messages", 200, times=99, spoil=without_author)

    async with running(server, tmp_path) as house:
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 5)

        wanted = {f"discord:msg:{each.id}" for each in said if each.content != "odd"}
        assert set(notebook.causes(MessagePosted)[2:]) == wanted
        assert (house.adapter.health()["behind"], house.adapter.health()["stuck"]) == (0, 0)
        assert len(await set_aside(house)) == 1


@pytest.mark.parametrize("page", [7, [{}], [7], "page"])
async def test_a_page_of_history_nobody_can_read(
    *, server: DiscordServer, guild: Community, ann: Person, tmp_path: Path, notebook: houses.Notebook, page: Any
) -> None:
    """Its channel waits, and health shows it; the others are read, and it is read once it can be."""
    general, other = guild.channel("general"), guild.channel("other")
    async with running(server, tmp_path):
        await ann.says(general, "before")
        await ann.says(other, "before")
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 2)
    await ann.says(general, "one")
    await ann.says(other, "two")
    fault = server.fault("GET", f"/channels/{general.id}/messages", 200, times=99, spoil=lambda _: page)

    async with running(server, tmp_path) as house:
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 3)
        assert house.adapter.health()["stuck"] == 1
        await ann.says(general, "live")
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 4)

        fault.times = 0
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 5)
        await eventually(lambda: house.adapter.health()["stuck"] == 0)


async def test_commands_that_cannot_be_registered(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path, notebook: houses.Notebook
) -> None:
    """Messages are heard while Discord answers to the commands with unreadable bytes."""
    server.strict = False
    server.fault("PUT", "/applications/.*/commands", None, times=99)
    async with running(server, tmp_path):
        await ann.says(guild.channel("general"), "hello")

        await eventually(lambda: notebook.causes(MessagePosted))
