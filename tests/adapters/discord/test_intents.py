"""With privileged intents and without: what we ask for, what works without them, and that nothing stops."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.discord import client
from bot.core.clock import HandClock, SystemClock
from bot.core.core import Core
from bot.kit import LookFor
from bot.kit.errors import Unservable
from bot.kit.events import EffectRefused, MemberJoined, MemberLeft, MessagePosted, ReactionAdded, VoiceSpent
from bot.kit.work import open_work
from tests.adapters.discord.running import Notebook, Running, config, eventually, opened, running
from tests.servers.discord import Community, DiscordServer, Person
from tests.servers.discord_gateway import GUILD_MEMBERS, MESSAGE_CONTENT, PRIVILEGED


@pytest.fixture(params=[0, PRIVILEGED], ids=["none", "all"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[DiscordServer]:
    """An application that may have no privileged intents, and one that may have all."""
    async with DiscordServer(intents=request.param) as server:
        yield server


def asked(server: DiscordServer) -> int:
    """The privileged intents of the newest session."""
    return list(server.gateway.sessions.values())[-1].intents & PRIVILEGED


async def left_at(core: Core, person: Person) -> int | None:
    async with core.store.read() as tx:
        row = await tx.one(
            """
            SELECT member.left_at FROM member JOIN account ON account.member_id = member.id
            WHERE account.external_id = :id
            """,
            id=person.id,
        )
    assert row
    return int(row["left_at"]) if row["left_at"] else None


async def looks_for(house: Running, person: Person) -> None:
    async with house.core.store.write() as tx:
        found = await tx.one("SELECT community_id, member_id FROM account WHERE external_id = :id", id=person.id)
        place = await tx.one("SELECT id FROM place WHERE kind = 'guild'")
        assert found
        assert place
        work = await open_work(tx, house.core.desk, found["community_id"], house.core.clock.now(), cause="trial")
        await work.promise(LookFor(place=place["id"], member=found["member_id"]))
    await house.settle()


@pytest.mark.parametrize(
    ("allowed", "wish", "had"),
    [
        (0, {}, 0),
        (PRIVILEGED, {}, GUILD_MEMBERS),
        (PRIVILEGED, {"members": "false"}, 0),
        (0, {"members": "false", "message_content": "false"}, 0),
        (0, {"message_content": "auto"}, 0),
        (MESSAGE_CONTENT, {"message_content": "auto"}, MESSAGE_CONTENT),
        (GUILD_MEMBERS, {"message_content": "auto"}, GUILD_MEMBERS),
        (PRIVILEGED, {"members": "true", "message_content": "true"}, GUILD_MEMBERS | MESSAGE_CONTENT),
    ],
)
async def test_what_is_asked_for(tmp_path: Path, allowed: int, wish: dict[str, Any], had: int) -> None:
    """We ask for what is wanted and granted, by the application's flags, so no connection is closed over it."""
    async with DiscordServer(intents=allowed) as server:
        server.guild("Hearth")
        with capture_logs() as logs:
            async with running(server, tmp_path, **wish) as house:
                health, able = house.adapter.health(), house.core.desk.abilities["discord"]

                assert (asked(server), server.identified) == (had, 1)
    assert (health["members"], health["message_content"]) == (bool(had & GUILD_MEMBERS), bool(had & MESSAGE_CONTENT))
    assert (able.leaves, able.words) == (health["members"], health["message_content"])
    withheld = [each["intent"] for each in logs if each["event"] == "intent withheld"]
    assert len(withheld) == len(set(withheld))
    assert ("members" in withheld) is (wish.get("members") is None and not had & GUILD_MEMBERS)


@pytest.mark.parametrize("shards", [1, 2])
async def test_an_intent_that_is_refused_all_the_same(tmp_path: Path, shards: int) -> None:
    """If the gateway refuses what the flags promise, one connection is closed, and the next goes on without."""
    async with DiscordServer(intents=PRIVILEGED) as server, opened(tmp_path) as core:
        server.gateway.allowed = 0
        server.guild("Hearth")
        with capture_logs() as logs:
            adapter = client.open(core, config(server, tmp_path, message_content="auto", shards=shards))
            serving = asyncio.create_task(adapter.serve())
            await eventually(lambda: server.identified == shards, 60)
            await adapter.stop()
            await serving

        assert asked(server) == 0

    assert [each["intent"] for each in logs if each["event"] == "intent withheld"] == ["members", "message_content"]


async def test_an_intent_that_is_taken_away(tmp_path: Path, notebook: Notebook) -> None:
    """If an intent is taken away while we run, the service goes on with less."""
    async with DiscordServer(intents=PRIVILEGED) as server:
        guild = server.guild("Hearth")
        ann, general = guild.member("ann"), guild.channel("general")
        async with running(server, tmp_path) as house:
            server.gateway.allowed = server.rest.intents = 0
            server.forget_sessions()
            await server.cut()
            await eventually(lambda: server.identified == 2, 20)
            await server.ready()
            await ann.says(general, "hi")
            await eventually(lambda: notebook.causes(MessagePosted), 20)

            assert (asked(server), house.core.desk.abilities["discord"].leaves) == (0, False)


@pytest.mark.parametrize(
    ("wish", "mend"),
    [
        ({"members": "true"}, "SERVER MEMBERS INTENT"),
        ({"message_content": "true"}, "MESSAGE CONTENT INTENT"),
    ],
)
@pytest.mark.parametrize("flags", [0, PRIVILEGED])
async def test_an_intent_that_is_insisted_on(tmp_path: Path, wish: dict[str, Any], mend: str, flags: int) -> None:
    """Without an intent that the operator requires, Discord is not served, and they learn where to enable it."""
    async with DiscordServer(intents=flags) as server, opened(tmp_path) as core:
        server.gateway.allowed = 0
        server.guild("Hearth")
        with pytest.raises(Unservable, match=mend):
            await client.open(core, config(server, tmp_path, **wish)).serve()
        assert server.identified == 0


@pytest.mark.parametrize(
    ("allowed", "wish", "found"),
    [
        (PRIVILEGED, {}, [(True, "who joins and who leaves is told"), (True, "discord.message_content = false")]),
        (0, {}, [(True, "50 silent members a night"), (True, "Thanks and answers in ordinary messages")]),
        (0, {"members": "false"}, [(True, "discord.members = false"), (True, "discord.message_content = false")]),
        (0, {"members": "true"}, [(False, "SERVER MEMBERS INTENT"), (True, "")]),
        (0, {"message_content": "true"}, [(True, ""), (False, "MESSAGE CONTENT INTENT")]),
        (PRIVILEGED, {"message_content": "auto"}, [(True, ""), (True, "the words of messages are shown")]),
    ],
)
async def test_check(tmp_path: Path, allowed: int, wish: dict[str, Any], found: list[tuple[bool, str]]) -> None:
    """Before the first start, `hearth check` says which intents we have, what is lost without them, and what to fix."""
    async with DiscordServer(intents=allowed) as server, opened(tmp_path) as core:
        said = await client.open(core, config(server, tmp_path, **wish)).check()

    assert [ok for ok, _ in said[1:]] == [ok for ok, _ in found]
    assert all(part in word for (_, word), (_, part) in zip(said[1:], found, strict=True))


async def test_ping_says_what_is_lost(server: DiscordServer, guild: Community, ann: Person, tmp_path: Path) -> None:
    """`/ping` says that members and words are missing, where they are not told."""
    async with running(server, tmp_path, message_content="auto"):
        said = (await (await ann.slash(guild.channel("general"), "ping")).done()).text

    lost = ["Discord does not tell me who joins and leaves", "Discord shows me the words of a message only when"]
    assert [each in said for each in lost] == [not server.rest.intents] * 2


async def test_what_members_do(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Messages, reactions, talks and commands are heard with and without intents."""
    general, lounge, clock = guild.channel("general"), guild.voice_channel("lounge"), HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        said = await ann.says(general, "hi")
        await bob.reacts(said, "👍")
        await ann.voice(lounge)
        await bob.voice(lounge)
        await eventually(house.adapter._ears.voice.guilds)
        clock.move(clock.now() + 6 * 60_000)
        await bob.voice(None)
        await eventually(lambda: len(notebook.causes(VoiceSpent)) == 2)
        pong = await (await ann.slash(general, "ping")).done()

    assert "I am here." in pong.text
    assert (len(notebook.causes(MessagePosted)), len(notebook.causes(ReactionAdded))) == (1, 1)


async def test_who_joins(server: DiscordServer, guild: Community, notebook: Notebook, tmp_path: Path) -> None:
    """A join is heard once: from Discord, or from the server's welcome message, also from our absence."""
    guild.system_channel = guild.channel("welcome")
    async with running(server, tmp_path):
        eve = await guild.joins("eve")
        await eventually(lambda: notebook.causes(MemberJoined))
        await eve.says(guild.channel("general"), "hi")
        await eventually(lambda: notebook.causes(MessagePosted))
    await guild.joins("fay")
    async with running(server, tmp_path):
        pass

    names = [event.who.name for event in notebook.events if isinstance(event, MemberJoined) and event.who]
    assert names == (["Eve"] if server.rest.intents else ["Eve", "Fay"])


async def test_who_came_back_while_we_were_away(
    *, server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A member who came back while we were away is known to be here by what they do."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        await ann.says(general, "hi")
        await eventually(lambda: notebook.events)
        await guild.leaves(ann)
        if not server.rest.intents:
            await looks_for(house, ann)
        await eventually(lambda: notebook.causes(MemberLeft))
    back = await guild.joins("ann")
    async with running(server, tmp_path) as house:
        answer = await (await back.slash(general, "ping")).done()

        assert "I am here." in answer.text
        assert await left_at(house.core, ann) is None
    assert len(notebook.causes(MemberJoined)) == 1


async def test_a_look_at_a_member(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """To look for a member tells whether they are here, and their roles; it needs no privilege."""
    role = guild.role("Tea")
    async with running(server, tmp_path) as house:
        for person in (ann, bob):
            await person.says(guild.channel("general"), "hi")
        await eventually(lambda: len(notebook.events) == 2)
        await guild.grants(ann, role)
        del guild.members[bob.id]
        for person in (ann, bob):
            await looks_for(house, person)

        async with house.core.store.read() as tx:
            held = [row["role_id"] for row in await tx.all("SELECT role_id FROM member_role")]
        assert (held, await left_at(house.core, ann)) == ([role.id], None)
        assert await left_at(house.core, bob)
    assert [event.reason for event in notebook.events if isinstance(event, EffectRefused)] == ["member_gone"]


@pytest.mark.parametrize("code", [10007, 10013])
async def test_a_role_for_nobody(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, tmp_path: Path, code: int
) -> None:
    """A member that Discord does not know has left."""
    role = guild.role("Tea")
    server.fault("PUT", ".*/roles/.*", 404, code)
    async with running(server, tmp_path) as house:
        await bob.says(guild.channel("general"), "hi")
        await (await ann.slash(guild.channel("general"), "owe", {"what": "grant", "to": bob, "role": role})).done()
        await house.settle()

        assert await left_at(house.core, bob)


async def test_somebody_without_a_common_guild(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, tmp_path: Path
) -> None:
    """A member to whom we cannot write because we share no guild has left."""
    server.fault("POST", r"/channels/\d+/messages", 403, 50278)
    async with running(server, tmp_path) as house:
        await bob.says(guild.channel("general"), "hi")
        await (await ann.slash(guild.channel("general"), "owe", {"what": "tell", "to": bob})).done()
        await house.settle()

        assert await left_at(house.core, bob)


async def test_a_gift_to_somebody_who_is_gone(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A gift to somebody who left is refused: Discord sends with the command which named people are here."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        await bob.says(general, "hi")
        await eventually(lambda: notebook.events)
        del guild.members[bob.id]
        answer = await (await ann.slash(general, "tip", {"to": bob, "amount": 1})).done()

        assert "Bob has left" in answer.text
        assert await left_at(house.core, bob)


async def test_what_somebody_holds_after_a_talk(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Roles in an event at the end of a talk are the present ones, not those from its beginning."""
    lounge, role, clock = guild.voice_channel("lounge"), guild.role("Tea"), HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        await ann.voice(lounge)
        await bob.voice(lounge)
        await eventually(house.adapter._ears.voice.guilds)
        ann.roles.append(role)
        await ann.says(guild.channel("general"), "hi")
        await eventually(lambda: notebook.causes(MessagePosted))
        clock.move(clock.now() + 6 * 60_000)
        await bob.voice(None)
        await eventually(lambda: len(notebook.causes(VoiceSpent)) == 2)
        async with house.core.store.read() as tx:
            held = [row["role_id"] for row in await tx.all("SELECT role_id FROM member_role")]

    assert held == [role.id]


async def test_a_private_command_of_somebody_who_is_gone(tmp_path: Path) -> None:
    """We look for the author first, who has left; a failed look says nothing about anybody."""
    async with DiscordServer(intents=0) as server:
        guild = server.guild("Hearth")
        ann = guild.member("ann")
        async with running(server, tmp_path) as house:
            await (await ann.slash(guild.channel("general"), "ping")).done()
            server.fault("GET", r"/guilds/\d+/members/\d+", 403, 50001)
            for there in (True, True, False):
                if not there:
                    del guild.members[ann.id]
                await (await ann.slash(ann.dm, "ping")).done()
                assert (await left_at(house.core, ann) is None) is there
