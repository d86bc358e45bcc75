"""Channels that not everybody reads, on the wire: questions asked there are found only by their readers."""

import asyncio
from pathlib import Path

import pytest

from bot.core.clock import HandClock, SystemClock
from bot.kit.events import VoiceSpent
from models.communities import find_places
from tests.adapters.discord.running import Notebook, Running, eventually, running
from tests.servers.discord import Channel, Community, DiscordServer, Member, Person, Role
from tests.servers.discord_records import CONNECT, READ_HISTORY

ASKED = {"title": "How do we brew the secret tea?"}
SECRET = "secret tea"


@pytest.fixture
def trusted(guild: Community) -> Role:
    return guild.role("trusted")


@pytest.fixture
def den(guild: Community, trusted: Role) -> Channel:
    return guild.private_channel("den", trusted)


@pytest.fixture
def dan(guild: Community, trusted: Role) -> Person:
    """Dan reads the den."""
    return guild.member("dan", roles=[trusted])


@pytest.fixture
def eve(guild: Community, trusted: Role) -> Person:
    return guild.member("eve", roles=[trusted])


async def ask(person: Person, channel: Channel) -> None:
    form = await (await person.slash(channel, "ask")).done()
    assert "asks" in (await (await person.submits(form, ASKED)).done()).text


async def finds(person: Person, channel: Channel) -> bool:
    found = await (await person.slash(channel, "find", {"words": "secret"})).done()
    shown = await (await person.slash(channel, "question show", {"question": "1"})).done()
    told = await person.completes(channel, "question show", {"question": "secret"}, focused="question")
    looks = {SECRET in found.text, SECRET in shown.text, bool(told)}
    assert len(looks) == 1, "by its words, by its number, and while they type"
    return looks.pop()


async def test_what_is_asked_in_a_hidden_channel_is_found_by_its_readers(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, eve: Person, den: Channel, tmp_path: Path
) -> None:
    """Its readers find it wherever they search; others find it nowhere."""
    async with running(server, tmp_path):
        await ask(dan, den)

        assert [await finds(ann, place) for place in (guild.channel("general"), ann.dm)] == [False, False]
        assert [await finds(eve, place) for place in (guild.channel("general"), den, eve.dm)] == [True, True, True]


async def test_who_reads_there_no_more_finds_it_no_more(
    server: DiscordServer, guild: Community, dan: Person, eve: Person, den: Channel, trusted: Role, tmp_path: Path
) -> None:
    """A member no longer finds it from the moment their role is taken."""
    async with running(server, tmp_path):
        await ask(dan, den)
        before = await finds(eve, guild.channel("general"))
        await guild.takes(eve, trusted)

        assert (before, await finds(eve, guild.channel("general"))) == (True, False)


async def test_a_channel_is_hidden_afterwards(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, trusted: Role, tmp_path: Path
) -> None:
    """Questions asked before the channel was hidden are hidden too, even if nobody speaks there again."""
    tavern = guild.channel("tavern")
    async with running(server, tmp_path) as house:
        await ask(dan, tavern)
        before = await finds(ann, guild.channel("general"))
        await guild.shows(tavern, trusted)
        await told(house, tavern, hidden=True)
        hidden = await finds(ann, guild.channel("general"))
        await guild.shows(tavern, guild.everyone)
        await told(house, tavern, hidden=False)

        assert (before, hidden, await finds(ann, guild.channel("general"))) == (True, False, True)


async def test_channels_are_hidden_all_at_once(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, trusted: Role, tmp_path: Path
) -> None:
    """One permission of the whole server hides all channels that set nothing themselves."""
    tavern = guild.channel("tavern")
    lobby = guild.channel("lobby", overwrites={guild.everyone: (1 << 10, 0)})
    await guild.changes(trusted, permissions=guild.everyone.permissions)
    async with running(server, tmp_path) as house:
        await ask(dan, tavern)
        await guild.changes(guild.everyone, permissions=guild.everyone.permissions & ~(1 << 10))
        await told(house, tavern, hidden=True)

        assert [await finds(each, lobby) for each in (ann, dan)] == [False, True]


async def test_a_channel_is_hidden_while_we_are_away(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, trusted: Role, tmp_path: Path
) -> None:
    """On our return we see that a channel was hidden while we were away."""
    tavern = guild.channel("tavern")
    async with running(server, tmp_path):
        await ask(dan, tavern)
    await guild.shows(tavern, trusted)
    async with running(server, tmp_path) as house:
        await told(house, tavern, hidden=True)

        assert not await finds(ann, guild.channel("general"))


async def test_threads_are_read_as_their_channel_is(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, eve: Person, den: Channel, tmp_path: Path
) -> None:
    """Public threads have the readers of their channel; a private thread only its members."""
    async with running(server, tmp_path):
        await ask(dan, await dan.opens_thread(den, "brewing"))

        assert [await finds(each, guild.channel("general")) for each in (ann, eve)] == [False, True]


async def test_a_private_thread_is_a_place_of_its_own(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, tmp_path: Path
) -> None:
    """A private thread is its own place: Discord does not tell us who is in it."""
    async with running(server, tmp_path):
        thread = await dan.opens_thread(guild.channel("general"), "between us", private=True)
        await ask(dan, thread)

        assert not await finds(ann, guild.channel("general"))
        assert await finds(ann, thread)


@pytest.mark.parametrize("alone", [True, False])
async def test_who_is_shut_out_finds_nothing(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, tmp_path: Path, *, alone: bool
) -> None:
    """A channel may exclude some members, by role or one by one; for all others it is no secret."""
    jailed = guild.role("jailed")
    jack = guild.member("jack", roles=[jailed])
    tavern = guild.channel("tavern", overwrites={jack if alone else jailed: (0, 1 << 10)})
    async with running(server, tmp_path):
        await ask(dan, tavern)

        places = (guild.channel("general"), jack.dm)
        assert [await finds(jack, place) for place in places] == [False, False]
        assert [await finds(ann, place) for place in (guild.channel("general"), ann.dm)] == [True, True]


async def test_closed_channels_differ_by_who_is_shut_out(
    server: DiscordServer, guild: Community, dan: Person, eve: Person, den: Channel, trusted: Role, tmp_path: Path
) -> None:
    """Two channels that exclude different members differ, although the same role opens both."""
    view = 1 << 10
    said: dict[Role | Member, tuple[int, int]] = {
        guild.everyone: (0, view),
        trusted: (view, 0),
        eve: (0, view),
        guild.bot: (view, 0),
    }
    cellar = guild.channel("cellar", overwrites=said)
    async with running(server, tmp_path):
        await ask(dan, cellar)

        assert [await finds(each, den) for each in (dan, eve)] == [True, False]


async def test_a_thread_is_hidden_with_its_channel(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, trusted: Role, den: Channel, tmp_path: Path
) -> None:
    """A hidden channel hides its threads, even if it was opened while we were away and then hidden again."""
    lobby = guild.channel("general")
    async with running(server, tmp_path) as house:
        await dan.says(den, "hi")
        await told(house, den, hidden=True)
    await guild.shows(den, guild.everyone)
    async with running(server, tmp_path) as house:
        thread = await dan.opens_thread(den, "brewing")
        await ask(dan, thread)
        assert await finds(ann, lobby)
        await guild.shows(den, trusted)
        await told(house, thread, hidden=True)

        assert not await finds(ann, lobby)


async def test_what_is_done_elsewhere_is_said_to_nobody_else(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, den: Channel, tmp_path: Path
) -> None:
    """Titles and answers are said where the question lives; where that is gone, only to the member who acted."""
    lobby = guild.channel("general")

    async def does(command: str, **options: str) -> None:
        done = await (await dan.slash(lobby, command, options)).done()
        assert (done.ephemeral, "you may not" in done.text) == (True, False), done.text

    async with running(server, tmp_path) as house:
        await ask(dan, den)
        await does("question still", question="1")
        await guild.deletes(den)
        await told(house, den, hidden=True)
        await does("question close", question="1")

        assert not any(SECRET in str(each.json()) for each in ann.sees())


async def told(house: Running, channel: Channel, *, hidden: bool) -> None:
    """Wait until the channel and its readers are known."""
    async with asyncio.timeout(10):
        while True:
            async with house.core.store.read() as tx:
                found = await find_places(tx, [("discord", channel.id)])
            if any(bool(place.circle) is hidden for place in found):
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("right", [CONNECT, READ_HISTORY])
async def test_to_see_a_channel_is_not_to_read_it(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, trusted: Role, right: int, tmp_path: Path
) -> None:
    """A member does not read a voice channel they may not enter, nor a channel that hides its history."""
    lounge = guild.voice_channel("lounge")
    lounge.overwrites |= {guild.everyone.id: (0, right), trusted.id: (right, 0), guild.bot.id: (right, 0)}
    async with running(server, tmp_path):
        await ask(dan, lounge)

        assert not await finds(ann, guild.channel("general"))
        assert await finds(dan, guild.channel("general"))


async def test_what_comes_late_opens_nothing(
    server: DiscordServer, guild: Community, ann: Person, dan: Person, trusted: Role, notebook: Notebook, tmp_path: Path
) -> None:
    """Late events open nothing: two members spoke there before it was hidden, and a command there was answered late."""
    lounge, clock = guild.voice_channel("lounge"), HandClock(SystemClock().now())
    eva = guild.member("eva", roles=[trusted])
    async with running(server, tmp_path, clock) as house:
        await ask(dan, lounge)
        await dan.voice(lounge)
        await eva.voice(lounge)
        await eventually(lambda: len(house.adapter._ears.voice.guilds()) == 1)
        form = await (await dan.slash(lounge, "ask")).done()
        server.fault("POST", r"/interactions/\d+/.*/callback", 500, hang=0.6)
        asking = await dan.submits(form, {"title": "What else is brewed here?"})
        await asyncio.sleep(0.3)
        await guild.shows(lounge, trusted)
        await told(house, lounge, hidden=True)
        clock.move(clock.now() + 7 * 60_000 + 30_000)
        await eva.voice(None)
        await asking.done()
        await eventually(lambda: len(notebook.causes(VoiceSpent)) == 2)
        await house.core.absorb([])

        assert not await finds(ann, guild.channel("general"))
