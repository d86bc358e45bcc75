"""The rights of the whole guild, told with each deed, decide who may do what on Discord; over the wire."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.core import Core
from tests.adapters.discord.running import running
from tests.servers.discord import Community, DiscordServer, Person, Role

ADMINISTRATOR, MANAGE_GUILD, MANAGE_MESSAGES, MODERATE_MEMBERS = 1 << 3, 1 << 5, 1 << 13, 1 << 40
REFUSED = "Only moderators and administrators can do this. Ask one of them."


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


async def test_a_moderator_of_one_channel(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """They are a member like others, in that channel too: nothing we do is limited to one channel."""
    own = guild.channel("own", overwrites={ann: (MANAGE_MESSAGES | MODERATE_MEMBERS | MANAGE_GUILD, 0)})
    async with running(server, tmp_path):
        refused = [(await (await ann.slash(own, name, {})).done()).text for name in ("collect", "points reset")]
        elsewhere = await (await ann.slash(guild.channel("general"), "collect", {})).done()

    assert refused == [REFUSED, "Only administrators can do this. Ask one of them."]
    assert elsewhere.text == REFUSED


async def test_a_moderator_of_one_channel_fills_in_no_form(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """They get no suggestions, and a form that staff were shown does not accept their words."""
    own = guild.channel("own", overwrites={ann: (MANAGE_MESSAGES | MANAGE_GUILD, 0)})
    chief = guild.member("chief", permissions=MANAGE_MESSAGES)
    async with running(server, tmp_path):
        shown = await (await chief.slash(own, "collect", {})).done()
        submitted = await (await ann.submits(shown, {"text": "mine"})).done()
        suggested = await ann.completes(own, "settings set", {"key": "thanks"}, focused="key")

    assert shown.modal
    assert (submitted.text, suggested) == (REFUSED, [])


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        (MANAGE_MESSAGES, ["collect"]),
        (MODERATE_MEMBERS, ["collect"]),
        (MANAGE_GUILD, ["collect", "points reset"]),
        (ADMINISTRATOR, ["collect", "points reset"]),
    ],
)
async def test_rights_of_the_guild(
    server: DiscordServer, guild: Community, tmp_path: Path, rights: int, may: list[str]
) -> None:
    """They count everywhere, even where a channel takes them away."""
    chief = guild.member("chief", permissions=rights)
    silent = guild.channel("silent", overwrites={chief: (0, MANAGE_MESSAGES | MODERATE_MEMBERS | MANAGE_GUILD)})
    async with running(server, tmp_path):
        done = {name: await (await chief.slash(silent, name, {})).done() for name in ("collect", "points reset")}

    assert [name for name, answer in done.items() if not answer.text.startswith("Only ")] == may


async def test_the_owner(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """The owner may do everything without any role."""
    owner = guild.members[guild.owner.id]
    assert isinstance(owner, Person)
    async with running(server, tmp_path):
        answer = await (await owner.slash(guild.channel("general"), "points reset")).done()

    assert (answer.text, guild.roles_of(owner)) == ("Done.", [])


async def test_a_time_out(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """It takes the rights of staff as long as it lasts."""
    chief, general = guild.member("chief", permissions=MANAGE_MESSAGES), guild.channel("general")
    async with running(server, tmp_path):
        chief.timed_out_until = datetime.now(UTC) + timedelta(hours=1)
        during = await (await chief.slash(general, "collect")).done()
        chief.timed_out_until = datetime.now(UTC) - timedelta(seconds=1)
        after = await (await chief.slash(general, "collect")).done()

    assert (during.text, after.modal is not None) == (REFUSED, True)


@pytest.mark.parametrize("gone", [{}, {"unavailable": True}])
async def test_a_guild_we_know_nothing_of(
    server: DiscordServer, guild: Community, tmp_path: Path, gone: dict[str, bool]
) -> None:
    """Nobody has rights in it, but what we know of its members' roles stays."""
    chief, general = guild.member("chief", permissions=ADMINISTRATOR), guild.channel("general")
    async with running(server, tmp_path) as house:
        await (await chief.slash(general, "ping")).done()
        before = await held(house.core)
        server.gateway.announce("GUILD_DELETE", {"id": guild.id, **gone})
        answer = await (await chief.slash(general, "points reset")).done()

        assert answer.text == "Only administrators can do this. Ask one of them."
        assert await held(house.core) == before != []


async def test_a_role_we_know_nothing_of(server: DiscordServer, guild: Community, tmp_path: Path) -> None:
    """It cannot be checked, so it cannot be chosen as a reward."""
    chief = guild.member("chief", permissions=ADMINISTRATOR)
    async with running(server, tmp_path):
        unheard = guild.roles["7"] = Role(id="7", name="Unheard", position=1, permissions=ADMINISTRATOR)
        options = {"level": 1, "role": unheard}
        answer = await (await chief.slash(guild.channel("general"), "levels role", options)).done()

    assert answer.text.startswith("The role no longer exists.")


async def held(core: Core) -> list[str]:
    """The roles that we know the member holds."""
    async with core.store.read() as tx:
        return [row["role_id"] for row in await tx.all("SELECT role_id FROM member_role ORDER BY role_id")]
