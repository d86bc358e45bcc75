"""Events on Discord reach the store once, also those from our absence; all the way over the wire."""

import asyncio
from pathlib import Path

import pytest

from bot.core.clock import HandClock, SystemClock
from bot.kit.events import (
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    PlaceFound,
    PlaceLost,
    ReachChanged,
    ReactionAdded,
    ReactionRemoved,
    VoiceSpent,
)
from tests.adapters.discord.running import Notebook, eventually, running
from tests.servers.discord import Channel, Community, DiscordServer, Person
from tests.servers.discord_interactions import File
from tests.servers.discord_records import WELCOME

HISTORY = r"/channels/\d+/messages"


def posted(*channels: Channel) -> list[str]:
    """The causes of all messages in these channels, as the server knows them."""
    return [f"discord:msg:{message.id}" for channel in channels for message in channel.messages]


async def test_what_members_do(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Messages, answers, edits, reactions, deletions, joins and leaves become facts, in their order."""
    general = guild.channel("general")
    async with running(server, tmp_path):
        first = await ann.says(general, "hi")
        answer = await bob.says(general, "hello", reply_to=first)
        await ann.edits(first, "hi all")
        await bob.reacts(first, "👍")
        await eventually(lambda: notebook.causes(ReactionAdded))
        await bob.unreacts(first, "👍")
        await bob.deletes(answer)
        eve = await guild.joins("eve")
        await guild.leaves(eve)
        await eventually(lambda: notebook.causes(MemberLeft))

    kinds = [MessagePosted, MessagePosted, MessageEdited, ReactionAdded, ReactionRemoved, MessageDeleted]
    assert [type(event) for event in notebook.events] == [*kinds, MemberJoined, MemberLeft]
    assert notebook.events[1].about == f"discord:msg:{first.id}"
    assert notebook.events[1].target
    assert notebook.events[1].target.id == ann.id
    assert notebook.causes(ReactionAdded) == [f"discord:react:{first.id}:{bob.id}:👍"]


async def test_nobody_speaks_through_a_webhook(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """No message of a webhook, a bot or Discord itself counts as a member's, whatever its name is."""
    general = guild.channel("general")
    async with running(server, tmp_path):
        server.world.post(general, ann.user, {"content": "I am Ann."}, hook_id="7")
        server.world.post(general, server.world.bot, {"content": "I am a bot."})
        server.world.post(general, ann.user, {"content": ""}, kind=WELCOME)
        last = await ann.says(general, "hi")
        await eventually(lambda: notebook.causes(MessagePosted))

    assert notebook.causes(MessagePosted) == [f"discord:msg:{last.id}"]


async def test_whom_a_message_names(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A message names each mentioned member once, and never us."""
    async with running(server, tmp_path):
        await ann.says(guild.channel("general"), f"thanks {bob.mention} {bob.mention} {guild.bot.mention}")
        await eventually(lambda: notebook.events)

    (event,) = notebook.events
    assert isinstance(event, MessagePosted)
    assert [each.id for each in event.mentioned] == [bob.id]


@pytest.mark.parametrize(("asked", "words"), [("true", "secret"), ("false", "")])
async def test_words_are_told_where_they_are_asked_for(
    *, server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path, asked: str, words: str
) -> None:
    """Without the intent for words, every message seems empty."""
    async with running(server, tmp_path, message_content=asked):
        await ann.says(guild.channel("general"), "secret")
        await eventually(lambda: notebook.events)

    (event,) = notebook.events
    assert isinstance(event, MessagePosted)
    assert (event.text, event.length) == (words, len(words))


@pytest.mark.parametrize(("kind", "pictured"), [("image/webp", True), ("text/plain", False)])
async def test_a_picture_on_a_message(
    *,
    server: DiscordServer,
    guild: Community,
    ann: Person,
    notebook: Notebook,
    tmp_path: Path,
    kind: str,
    pictured: bool,
) -> None:
    """We note a picture on a message, but no other file."""
    async with running(server, tmp_path, message_content="true"):
        await ann.says(
            guild.channel("general"), "Look", files=[File(filename="screen", content=b"x", content_type=kind)]
        )
        await eventually(lambda: notebook.events)

    (event,) = notebook.events
    assert isinstance(event, MessagePosted)
    assert event.pictured is pictured


async def test_places_that_go(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A deleted channel is lost; so is a guild that removes us, until it lets us in again."""
    async with running(server, tmp_path):
        await asyncio.sleep(2.2)  # until then discord.py takes every guild for one that was there before
        side = guild.channel("side")
        await ann.says(side, "hi")
        await guild.deletes(side)
        await eventually(lambda: notebook.causes(PlaceLost))
        await guild.expels_bot()
        await eventually(lambda: len(notebook.causes(PlaceLost)) > 1)
        await guild.invites_bot()
        await eventually(lambda: notebook.causes(PlaceFound))

    lost = [event.spot for event in notebook.events if isinstance(event, PlaceLost)]
    assert [spot.id for spot in lost if spot] == [side.id, guild.id]


async def test_what_is_said_in_threads(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A thread is a place within its channel, and the channel within its guild."""
    async with running(server, tmp_path):
        thread = await ann.opens_thread(guild.channel("general"), "Why?")
        await ann.says(thread, "because")
        await eventually(lambda: notebook.events)

    spot = notebook.events[0].spot
    assert spot
    assert spot.parent
    assert [spot.kind, spot.parent.kind, spot.root.kind] == ["thread", "channel", "guild"]
    assert [spot.name, spot.parent.name, spot.root.name] == ["Why?", "general", "Hearth"]


async def test_a_forum_post(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """The first message of a post opens it, and is deleted with it; the message that a thread hangs on stays."""
    async with running(server, tmp_path):
        post = await ann.posts(guild.forum("help"), "Why?", "I wonder.")
        await bob.says(post.channel, "because")
        hung = await ann.says(guild.channel("general"), "hi")
        thread = await ann.opens_thread(hung, "there")
        await eventually(lambda: len(notebook.causes(MessagePosted)) > 2)
        for place in (thread, post.channel):
            await guild.deletes(place)
        await eventually(lambda: len(notebook.causes(PlaceLost)) > 1 and notebook.causes(MessageDeleted))

    said = {event.cause: event.opens for event in notebook.events if isinstance(event, MessagePosted)}
    assert [cause for cause, opens in said.items() if opens] == [f"discord:msg:{post.id}"]
    gone = [event.about for event in notebook.events if isinstance(event, MessageDeleted)]
    assert gone == [f"discord:msg:{post.id}"]


async def test_a_direct_message_opens_the_way(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A member who writes to us can be written to; their direct message earns nothing."""
    async with running(server, tmp_path):
        await ann.says(guild.channel("general"), "hi")
        await ann.says(ann.dm, "hello?")
        await eventually(lambda: notebook.causes(ReachChanged))

    assert len(notebook.causes(MessagePosted)) == 1


async def test_minutes_spent_together(
    *, server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Minutes in talk with others count; minutes alone or deafened do not."""
    lounge, clock = guild.voice_channel("lounge"), HandClock(SystemClock().now())
    eve = guild.member("eve")
    async with running(server, tmp_path, clock) as house:
        await ann.voice(lounge)
        await eve.voice(lounge, deaf=True)
        clock.move(clock.now() + 60 * 60_000)
        await bob.voice(lounge)
        await eventually(lambda: len(house.adapter._ears.voice.guilds()) == 1)
        clock.move(clock.now() + 7 * 60_000 + 30_000)
        await bob.voice(None)
        await eventually(lambda: len(notebook.causes(VoiceSpent)) == 2)

    spent = [event for event in notebook.events if isinstance(event, VoiceSpent)]
    assert {(event.who.name, event.minutes) for event in spent if event.who} == {("Ann", 7), ("Bob", 7)}


async def test_what_was_said_while_away(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """After a restart we read history from where we stopped, in every channel and thread, each message once."""
    general, silent = guild.channel("general"), guild.channel("silent")
    thread = await ann.opens_thread(general, "Why?")
    async with running(server, tmp_path):
        await ann.says(general, "before")
        await eventually(lambda: notebook.events)
    for channel in (general, silent, thread):
        for number in range(3):
            await ann.says(channel, f"missed {number}")
    for _ in range(2):
        async with running(server, tmp_path):
            pass

    assert sorted(notebook.causes(MessagePosted)) == sorted(posted(general, silent, thread))


async def test_nothing_is_read_from_before_we_came(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Messages from before the first start are not read."""
    await ann.says(guild.channel("general"), "long ago")
    async with running(server, tmp_path):
        pass

    assert notebook.events == []


async def test_what_was_said_while_catching_up(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """If a process ends before it caught up, the next one still finds everything, whatever was heard live."""
    general = guild.channel("general")
    async with running(server, tmp_path):
        await ann.says(general, "before")
        await eventually(lambda: notebook.events)
    await ann.says(general, "missed")
    server.fault("GET", HISTORY, 400, times=100)
    async with running(server, tmp_path, caught_up=False):
        await ann.says(general, "live")
        await eventually(lambda: len(notebook.events) == 2)
    server._faults.clear()
    async with running(server, tmp_path):
        pass

    assert sorted(notebook.causes(MessagePosted)) == sorted(posted(general))


async def test_history_is_bounded(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """We read no more history than the operator allows, the oldest first, and the operator sees that it was limited."""
    general = guild.channel("general")
    async with running(server, tmp_path):
        await ann.says(general, "before")
        await eventually(lambda: notebook.events)
    for number in range(5):
        await ann.says(general, f"missed {number}")
    async with running(server, tmp_path, backfill=2) as house:
        assert house.adapter.health()["capped"] == 1

    assert notebook.causes(MessagePosted) == posted(general)[:3]


async def test_a_cut_connection(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """What Discord sends again after a cut is recorded once, and history is not read for it."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        await ann.says(general, "one")
        await server.cut()
        await ann.says(general, "two")
        await eventually(lambda: len(notebook.events) == 2)
        await eventually(lambda: house.adapter.health()["behind"] == 0)

    assert notebook.causes(MessagePosted) == posted(general)
    assert not [request for request in server.requests if request.method == "GET" and "messages" in request.path]


async def test_the_gateway_we_were_told_of(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A session is resumed at the configured address, whatever address Discord names."""
    server.gateway.url = "ws://127.0.0.1:9/gateway"
    async with running(server, tmp_path):
        await server.cut()
        await ann.says(guild.channel("general"), "hi")
        await eventually(lambda: notebook.events)

    assert (server.identified, server.resumed) == (1, 1)


async def test_a_lost_session(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """When Discord forgot the session, history has the messages from meanwhile."""
    general = guild.channel("general")
    async with running(server, tmp_path):
        await ann.says(general, "one")
        await eventually(lambda: notebook.events)
        server.forget_sessions()
        await server.cut()
        await ann.says(general, "two")
        await eventually(lambda: len(notebook.events) == 2, 20)

    assert notebook.causes(MessagePosted) == posted(general)


async def test_more_than_memory_should_hold(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """While the store is away, memory drops events; history has them when the store is back."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        house.adapter._intake.most = 3
        async with house.core.store.write():
            for number in range(12):
                await ann.says(general, f"word {number}")
            await eventually(lambda: house.adapter.health()["behind"])
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 12)
        await eventually(lambda: house.adapter.health()["behind"] == 0)
        await ann.says(general, "and on")
        await eventually(lambda: len(notebook.causes(MessagePosted)) == 13)

    assert sorted(notebook.causes(MessagePosted)) == sorted(posted(general))


async def test_stopping_loses_nothing(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """What was heard is committed before the adapter stops."""
    async with running(server, tmp_path) as house:
        for number in range(50):
            await ann.says(guild.channel("general"), f"word {number}")
        await eventually(lambda: len(house.adapter._intake) or notebook.events)

    heard = notebook.causes(MessagePosted)
    async with running(server, tmp_path):
        pass
    assert heard == posted(guild.channel("general"))[: len(heard)]
    assert notebook.causes(MessagePosted) == posted(guild.channel("general"))


async def test_two_shards(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """With several gateway connections every event is heard once, and every command is answered."""
    async with running(server, tmp_path, shards=2) as house:
        await eventually(lambda: server.identified == 2, 20)
        await ann.says(guild.channel("general"), "hi")
        answer = await (await ann.slash(guild.channel("general"), "ping")).done()
        await eventually(lambda: house.adapter.health()["behind"] == 0)

        assert "I am here." in answer.text
    assert len(notebook.causes(MessagePosted)) == 1
