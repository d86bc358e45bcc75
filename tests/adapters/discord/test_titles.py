"""Threads and posts whose names show the state of their question, all the way over the wire."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.clock import HandClock, SystemClock
from bot.kit.events import EffectRefused, PlaceLost
from tests.adapters.discord.running import Notebook, Running, eventually, running
from tests.adapters.discord.test_threads import CODE, asks, heard
from tests.servers.discord import Community, DiscordServer, Message, Person
from tests.servers.discord_records import MANAGE_THREADS, Channel

MINUTE = 60_000
TITLE = "Where is the tea kept?"


@dataclass(slots=True)
class Forum:
    """Ann asked question 1 with a post in a watched forum."""

    server: DiscordServer
    guild: Community
    house: Running
    clock: HandClock
    notebook: Notebook
    opening: Message

    @property
    def post(self) -> Channel:
        return self.opening.channel

    async def passes(self, minutes: float = 5) -> None:
        await self.house.core.pass_time(self.clock, self.clock.now() + round(minutes * MINUTE))

    async def does(self, who: Person, command: str, **options: Any) -> str:
        return (await (await who.slash(self.guild.channel("general"), command, options)).done()).text

    def weaken(self) -> None:
        """We may no longer manage threads."""
        for role in self.guild.roles.values():
            role.permissions &= ~MANAGE_THREADS

    @property
    def renames(self) -> list[dict[str, Any]]:
        path = f"/channels/{self.post.id}"
        return [dict(call.json) for call in self.server.requests if (call.method, call.path) == ("PATCH", path)]

    @property
    def refused(self) -> list[tuple[str, str]]:
        events = [event for event in self.notebook.events if isinstance(event, EffectRefused)]
        return [(event.effect, event.reason) for event in events]


@pytest.fixture
async def forum(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> AsyncIterator[Forum]:
    chief, place = guild.member("chief", permissions=1 << 3), guild.forum("help")
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock, message_content="true") as house:
        await (await chief.slash(guild.channel("general"), "questions watch", {"place": place})).done()
        opening = await ann.posts(place, TITLE, "I looked everywhere.")
        await heard(house, opening)
        yield Forum(server, guild, house, clock, notebook, opening)


async def test_a_post_tells_how_its_question_stands(forum: Forum, ann: Person, bob: Person) -> None:
    """A post is renamed late, to its present state, and holds up nothing else."""
    await forum.passes()
    assert forum.post.name == f"❓ {TITLE}"
    await heard(forum.house, await bob.says(forum.post, CODE))
    await forum.does(ann, "accept", answer="2")
    await forum.passes()
    assert forum.post.name == f"✅ {TITLE}"
    await forum.does(ann, "question close", question="1")
    await forum.does(ann, "question reopen", question="1")
    await forum.passes()

    assert forum.renames == [{"name": f"❓ {TITLE}"}, {"name": f"✅ {TITLE}"}]


async def test_a_thread_of_ours(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Our own thread needs no right to be renamed; a long name is cut to the platform's limit."""
    clock = HandClock(SystemClock().now())
    for role in guild.roles.values():
        role.permissions &= ~MANAGE_THREADS
    async with running(server, tmp_path, clock) as house:
        question = await asks(house, notebook, ann, "word " * 28)
        await (await ann.slash(guild.channel("general"), "question close", {"question": "1"})).done()
        await house.core.pass_time(clock, clock.now() + MINUTE)

        assert server.world.channels[question.id].name == f"🔒 1 · {'word ' * 18}wor…"


async def test_where_we_may_rename_nothing(forum: Forum, ann: Person) -> None:
    """Staff are told what to allow; we try again only when the question changes."""
    forum.weaken()
    await forum.passes(60)
    assert (forum.refused, len(forum.renames)) == ([("Retitle", "no_titles")], 1)
    await forum.does(ann, "question close", question="1")
    await forum.passes(60)

    assert forum.post.name == TITLE
    assert len(forum.renames) == 2


@pytest.mark.parametrize("locked", [False, True])
async def test_a_post_that_was_put_away(forum: Forum, *, locked: bool) -> None:
    """An archived post is renamed where it is, locked or not, and is archived again afterwards."""
    forum.post.archived, forum.post.locked = True, locked
    await forum.passes()

    assert (forum.post.name, forum.post.archived, forum.post.locked) == (f"❓ {TITLE}", True, locked)
    assert forum.refused == []


async def test_a_post_that_was_put_away_and_locked(forum: Forum, ann: Person, bob: Person) -> None:
    """Where we may not open it, nothing is renamed or said, each tried once; the question goes on by commands."""
    answer = await bob.says(forum.post, CODE)
    forum.post.archived, forum.post.locked = True, True
    forum.weaken()
    await heard(forum.house, answer)
    await forum.passes(10)

    assert forum.refused == [("Post", "missing_permission"), ("Retitle", "no_titles")]
    assert (forum.post.name, forum.post.archived, len(forum.renames)) == (TITLE, True, 1)
    await forum.does(ann, "accept", answer="2")
    await forum.passes(10)
    assert "✅ Solved." in await forum.does(bob, "question show", question="1")
    assert len(forum.refused) == 4


@pytest.mark.parametrize("told", [True, False])
async def test_a_post_that_was_deleted(forum: Forum, ann: Person, bob: Person, *, told: bool) -> None:
    """A deleted post is forgotten when we hear of it, or when we miss it; its replies are said here."""
    await forum.passes()
    if told:
        await forum.guild.deletes(forum.post)
        await eventually(lambda: forum.notebook.causes(PlaceLost))
    else:
        del forum.server.world.channels[forum.post.id]
    said = []
    for command in ("question close", "question reopen", "question close"):
        said.append(await forum.does(ann, command, question="1"))
        await forum.passes(10)

    assert (len(forum.renames), forum.refused) == (1, [] if told else [("Post", "place_gone")])
    assert "is closed" in said[-1]
    assert "Closed." in await forum.does(bob, "question show", question="1")


async def test_too_many_renames(forum: Forum, ann: Person) -> None:
    """When others have used up Discord's limit, everything else goes on, and the name comes when it may."""
    forum.server.fault("PATCH", rf"/channels/{forum.post.id}$", 429, retry_after=500)
    await forum.passes(1)
    assert forum.post.name == TITLE
    await forum.does(ann, "question close", question="1")
    assert "Closed." in await forum.does(ann, "question show", question="1")
    await forum.passes(10)

    assert (forum.post.name, forum.refused) == (f"🔒 {TITLE}", [])
