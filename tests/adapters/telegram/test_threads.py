"""Questions in a group and in a forum's topics on Telegram, all the way over the wire."""

from pathlib import Path

import pytest

from bot.core.clock import HandClock, SystemClock
from tests.adapters.telegram.running import Running, running
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person

LONG = "Use asyncio.timeout: cancel the task, then await it, so that it can clean up after itself before it ends."


async def test_a_topic_is_a_question(server: TelegramServer, ann: Person, bob: Person, tmp_path: Path) -> None:
    """Where an administrator says so. The asker's first words are details; long messages of others are answers."""
    forum = server.group("Forum", forum=True)
    forum.add(ann, status="creator")
    forum.add(bob)
    async with running(server, tmp_path):
        await ann.says(forum, "/questions watch Forum")
        await server.heard(ann, "Every new post or topic in Forum is a question from now on.")
        topic = forum.topic("How do I cancel a task?", ann)
        welcome = await server.heard(bob, "this is question 1 now")
        assert welcome.topic is topic

        await ann.says(forum, "Nothing I tried worked.", topic=topic)
        answer = await bob.says(forum, LONG, topic=topic)
        noted = await server.heard(ann, "I noted this as answer 2")
        assert (noted.reply_to, noted.topic, list(answer.reactions.values())) == (answer, topic, [["👀"]])
        await ann.says(forum, "/find tried worked")
        await server.heard(ann, "How do I cancel a task?", after=noted)


async def forum_of(server: TelegramServer, ann: Person, bob: Person) -> Group:
    """A forum whose every topic is a question, and its first topic."""
    forum = server.group("Forum", forum=True)
    forum.add(ann, status="creator")
    forum.add(bob)
    await ann.says(forum, "/questions watch Forum")
    await server.settled()
    return forum


async def passes(server: TelegramServer, house: Running, clock: HandClock, minutes: int = 5) -> None:
    await server.settled()
    await house.core.pass_time(clock, clock.now() + minutes * 60_000)


def calls(server: TelegramServer, method: str) -> int:
    return len([call for call in server.calls if call.method == method])


async def test_a_topic_tells_how_its_question_stands(
    server: TelegramServer, ann: Person, bob: Person, tmp_path: Path
) -> None:
    """The topic is renamed some time later, once for changes that come together, and renamed back."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        forum = await forum_of(server, ann, bob)
        topic = forum.topic("How do I cancel a task?", ann)
        await passes(server, house, clock)
        assert topic.name == "❓ How do I cancel a task?"

        await bob.says(forum, LONG, topic=topic)
        await ann.says(forum, "/accept 2", topic=topic)
        await passes(server, house, clock)
        assert topic.name == "✅ How do I cancel a task?"
        await ann.says(forum, "/unaccept 2", topic=topic)
        await passes(server, house, clock)
        assert topic.name == "💬 How do I cancel a task?"
        assert calls(server, "editForumTopic") == 3


async def test_a_topic_that_others_renamed(server: TelegramServer, ann: Person, bob: Person, tmp_path: Path) -> None:
    """It keeps its new name behind our mark; if somebody wrote the mark already, that is fine."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        forum = await forum_of(server, ann, bob)
        topic = forum.topic("How do I cancel a task?", ann)
        await passes(server, house, clock)
        forum.rename(topic, "Cancelling tasks", by=ann)
        await bob.says(forum, LONG, topic=topic)
        await ann.says(forum, "/vote 2 up", topic=topic)
        await passes(server, house, clock)
        assert topic.name == "💬 Cancelling tasks"

        topic.name = "✅ Cancelling tasks"
        await ann.says(forum, "/accept 2", topic=topic)
        await passes(server, house, clock)
        assert (topic.name, calls(server, "editForumTopic")) == ("✅ Cancelling tasks", 3)
        assert await outcomes(house, "Retitle") == ["kept"] * 3


@pytest.mark.parametrize(
    ("trouble", "posts", "names"),
    [
        ("closed", ["kept"], ["kept"]),
        ("no right", ["kept"], ["refused"]),
        ("closed, no right", ["refused"], ["refused"]),
        ("deleted", ["refused"], []),
    ],
)
async def test_a_topic_in_trouble(
    server: TelegramServer, ann: Person, bob: Person, tmp_path: Path, trouble: str, posts: list[str], names: list[str]
) -> None:
    """Each thing that we may not do there is refused once, and the question goes on in other places."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        forum = await forum_of(server, ann, bob)
        await house.core.settle()
        topic = forum.topic("Where is the tea kept?", ann)
        topic.is_closed = "closed" in trouble
        if "no right" in trouble:
            forum.deny("can_manage_topics")
        if trouble == "deleted":
            del forum.topics[topic.id]
        await passes(server, house, clock, 60)

        assert (await outcomes(house, "Post"))[1:] == posts
        assert await outcomes(house, "Retitle") == names
        for who, line in ((bob, f"/answer 1 {LONG}"), (ann, "/accept 2"), (bob, "/question show 1")):
            await who.says(forum, line)
            await passes(server, house, clock)
        assert any("✅ Solved." in message.text for message in server.visible_to(bob))


async def test_a_topic_that_was_deleted_later(server: TelegramServer, ann: Person, bob: Person, tmp_path: Path) -> None:
    """Telegram does not tell, so we miss the topic once and forget it; its replies are said here."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        forum = await forum_of(server, ann, bob)
        topic = forum.topic("Where is the tea kept?", ann)
        await passes(server, house, clock)
        del forum.topics[topic.id]
        for line in ("/question close 1", "/question reopen 1", "/question close 1"):
            await ann.says(forum, line)
            await passes(server, house, clock, 10)

        assert await outcomes(house, "Retitle") == ["kept"]
        assert (await outcomes(house, "Post")).count("refused") == 1
        assert any("is closed" in message.text for message in server.visible_to(bob))


async def outcomes(house: Running, kind: str) -> list[str]:
    """The outcome of each promise, at the first attempt."""
    async with house.core.store.read() as tx:
        rows = await tx.all("SELECT outcome, attempts FROM promise WHERE kind = :kind ORDER BY id", kind=kind)
    assert [row["attempts"] for row in rows] == [1] * len(rows)
    return [row["outcome"] for row in rows]
