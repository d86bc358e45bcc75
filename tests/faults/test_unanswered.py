"""A command ran and its answer never arrives: what everybody must see is seen, once."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.clock import HandClock, SystemClock
from tests.adapters.discord.running import Running, eventually, running
from tests.faults.process import hearth
from tests.servers.discord import Answer, Channel, Community, DiscordServer, Person

CALLBACK = "/interactions/.*/callback"
QUESTION = "Where is the tea kept?"
SECOND = 1_000


@pytest.fixture
def clock() -> HandClock:
    return HandClock(SystemClock().now())


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


async def form(ann: Person, channel: Channel) -> Answer:
    """A form is open on her screen and not yet filled in."""
    return await (await ann.slash(channel, "ask", {})).done()


async def unanswered(server: DiscordServer, house: Running, so_far: int) -> None:
    """Wait until an answer was tried and given up."""
    await eventually(lambda: callbacks(server) > so_far, 20)
    await eventually(lambda: not house.adapter._interactions._tasks, 20)


def callbacks(server: DiscordServer) -> int:
    return len([each for each in server.requests if re.fullmatch(CALLBACK, each.path)])


def posted(channel: Channel, words: str = QUESTION) -> int:
    """How often everybody can see it there."""
    return len([each for each in channel.messages if words in each.text and not each.only_for and not each.loading])


@pytest.mark.parametrize(
    ("status", "after"),
    [(500, False), (None, False), (502, False), (None, True), (500, True), (404, False)],
    ids=["broken", "cut", "gateway", "answer lost", "broken afterwards", "too late"],
)
async def test_a_question_is_posted_once(
    *,
    server: DiscordServer,
    guild: Community,
    ann: Person,
    clock: HandClock,
    tmp_path: Path,
    status: int | None,
    after: bool,
) -> None:
    """Whether or not the answer to its command was shown."""
    general = guild.channel("general")
    async with running(server, tmp_path, clock) as house:
        asking = await form(ann, general)
        server.fault("POST", CALLBACK, status, 10062 if status == 404 else 0, times=99, after=after)
        await ann.submits(asking, {"title": QUESTION})
        await unanswered(server, house, 1)
        await house.core.pass_time(clock, clock.now() + 30 * SECOND)
        await house.core.pass_time(clock, clock.now() + 3600 * SECOND)

        assert posted(general) == 1


async def test_an_answer_that_arrives_is_all(
    server: DiscordServer, guild: Community, ann: Person, clock: HandClock, tmp_path: Path
) -> None:
    """When the answer shows it, nothing else is posted, and Discord is not even asked."""
    general = guild.channel("general")
    async with running(server, tmp_path, clock) as house:
        answer = await (await ann.submits(await form(ann, general), {"title": QUESTION})).done()
        await eventually(lambda: not house.adapter._interactions._tasks)
        await eventually(lambda: not house.adapter.health()["waiting"])
        await house.core.dispatcher.stop()
        await house.core.pass_time(clock, clock.now() + 3600 * SECOND)

        assert QUESTION in answer.text
        assert posted(general) == 1
        assert not [each for each in server.requests if each.method == "GET" and each.path.endswith("/messages")]


async def test_discord_broken_for_longer(
    server: DiscordServer, guild: Community, ann: Person, clock: HandClock, tmp_path: Path
) -> None:
    """The question is posted when Discord takes messages again."""
    general = guild.channel("general")
    async with running(server, tmp_path, clock) as house:
        asking = await form(ann, general)
        server.fault("POST", CALLBACK, 502, times=99)
        server.fault("POST", r"/channels/\d+/messages", 502, times=6)
        await ann.submits(asking, {"title": QUESTION})
        await unanswered(server, house, 1)
        await house.core.pass_time(clock, clock.now() + 3600 * SECOND)

        assert posted(general) == 1


async def test_a_press_seen_by_one_alone(
    server: DiscordServer, guild: Community, ann: Person, clock: HandClock, tmp_path: Path
) -> None:
    """A reply that replaces a message nobody else sees is not posted publicly."""
    general = guild.channel("general")
    async with running(server, tmp_path, clock) as house:
        shown = await (await ann.slash(general, "board")).done()
        assert shown.message
        shown.message.flags |= 64
        shown.message.only_for = ann.user
        server.fault("POST", CALLBACK, 500, times=99)
        await ann.presses(shown.message, "Next")
        await unanswered(server, house, 1)
        await house.core.pass_time(clock, clock.now() + 3600 * SECOND)

        assert posted(general, "Page 2") == 0


async def test_what_was_done_is_not_denied(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path
) -> None:
    """When only the answer could not be shown, nobody is told that nothing changed."""
    async with running(server, tmp_path):
        asking = await form(ann, guild.channel("general"))
        server.fault("POST", CALLBACK, 400, 50035)
        answer = await (await ann.submits(asking, {"title": QUESTION})).done()

        assert "may be done all the same" in answer.text
        assert "nothing was changed" not in answer.text


@pytest.mark.parametrize("shown", [False, True], ids=["before it is shown", "after it is shown"])
async def test_killed_between_commit_and_answer(
    server: DiscordServer, guild: Community, ann: Person, tmp_path: Path, shown: bool
) -> None:
    """The next process posts the question, unless it finds it there."""
    general = guild.channel("general")
    config = f"""
[store]
url = "sqlite:///{tmp_path}/hearth.db"
[discord]
token = "{server.token}"
api_url = "{server.api_url}"
gateway_url = "{server.gateway_url}"
[web]
port = 0
"""
    async with hearth(tmp_path, config, "first") as first:
        await first.says(r"port=(\d+)", 60)
        await server.ready(60)
        asking = await form(ann, general)
        server.fault("POST", CALLBACK, None, hang=3600, after=shown)
        await ann.submits(asking, {"title": QUESTION})
        await eventually(lambda: callbacks(server) > 1, 60)
        first.process.kill()
        await first.process.wait()
    assert posted(general) == shown

    async with hearth(tmp_path, config, "second") as second:
        await second.says(r"port=(\d+)", 60)
        await eventually(lambda: posted(general) or second.process.returncode is not None, 90)
        await eventually(lambda: any(each.path.endswith("/messages") for each in server.requests), 90)

    assert posted(general) == 1
