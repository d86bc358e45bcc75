"""Questions in a group and in a forum's topics on Telegram, the whole way over the wire."""

from pathlib import Path

from tests.adapters.telegram.running import running
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Person

LONG = "Cancel the task, then await it, so that it can clean up after itself before the program ends."


async def test_a_topic_is_a_question(server: TelegramServer, ann: Person, bob: Person, tmp_path: Path) -> None:
    """Where an administrator says so; what its asker says first are the details, and long words of others answer it."""
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


async def test_a_closed_topic(server: TelegramServer, ann: Person, bob: Person, tmp_path: Path) -> None:
    """What we would say in it is refused, and the question goes on elsewhere."""
    forum = server.group("Forum", forum=True)
    forum.add(ann, status="creator")
    forum.add(bob)
    async with running(server, tmp_path):
        await ann.says(forum, "/questions watch Forum")
        await server.heard(ann, "Every new post or topic")
        server.fault("sendMessage", 400, "Bad Request: TOPIC_CLOSED")
        forum.topic("How do I cancel a task?", ann)
        await server.settled()
        await bob.says(forum, f"/answer 1 {LONG}")
        assert (await server.heard(ann, "Answer 2 by Bob")).topic is None
