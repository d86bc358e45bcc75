"""Questions on Discord where members ask them, all the way over the wire."""

import asyncio
from pathlib import Path

from bot.kit.events import EffectRefused, PlaceLost, Said, ThreadOpened
from tests.adapters.discord.running import Notebook, Running, eventually, running
from tests.servers.discord import Community, DiscordServer, Message, Person
from tests.servers.discord_records import ADD_REACTIONS, CREATE_THREADS, MANAGE_THREADS

CODE = "Like so:\n```python\ntask.cancel()\n```"


async def asks(house: Running, notebook: Notebook, ann: Person, title: str = "How do I cancel a task?") -> Message:
    """The message that shows her question."""
    general = next(each for each in ann.guild.channels.values() if each.name == "general")
    form = await (await ann.slash(general, "ask")).done()
    before = len(notebook.causes(Said))
    answer = await (await ann.submits(form, {"title": title})).done()
    await eventually(lambda: len(notebook.causes(Said)) > before)
    await house.settle()
    assert answer.message
    return answer.message


async def heard(house: Running, message: Message) -> None:
    """Wait until it was absorbed, and what is owed for it was done."""
    cause, found = f"discord:msg:{message.id}", None
    async with asyncio.timeout(5):
        while not found:
            await asyncio.sleep(0.01)
            async with house.core.store.read() as tx:
                found = await tx.one("SELECT cause FROM activity WHERE cause = :cause", cause=cause)
    await house.settle()


async def test_a_reply_answers(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """We know the message of an answered interaction as the question's, and a reply with code gets our sign."""
    general = guild.channel("general")
    async with running(server, tmp_path, message_content="true") as house:
        question = await asks(house, notebook, ann)
        answer = await bob.says(general, CODE, reply_to=question)
        await heard(house, answer)

        assert [user.bot for user in answer.reactions["👀"]] == [True]
        assert "I noted this as answer `2`" in general.messages[-1].text
        assert general.messages[-1].reply_to is answer


async def test_what_we_are_not_shown_is_no_answer(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Without the words of messages we guess nothing, unless a message names us, as a reply to us does."""
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        question = await asks(house, notebook, ann)
        comment = await ann.says(general, "It is Python 3.11.", reply_to=question)
        await heard(house, comment)
        wordless = await bob.says(general, CODE, reply_to=comment)
        await heard(house, wordless)
        shown = await bob.says(general, CODE, reply_to=question)
        await heard(house, shown)

        assert (list(wordless.reactions), list(shown.reactions)) == ([], ["👀"])


async def test_where_we_may_not_react(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """The answer counts even where we may not react; staff are told which right is missing."""
    general = guild.channel("general")
    async with running(server, tmp_path, message_content="true") as house:
        question = await asks(house, notebook, ann)
        for role in guild.roles.values():
            role.permissions &= ~ADD_REACTIONS
        answer = await bob.says(general, CODE, reply_to=question)
        await heard(house, answer)

        refused = [event for event in notebook.events if isinstance(event, EffectRefused)]
        assert [(event.effect, event.reason) for event in refused] == [("React", "missing_permission")]
        assert "I noted this as answer `2`" in general.messages[-1].text


async def test_a_question_has_a_thread(
    server: DiscordServer, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """The thread hangs on the question's message, and every message in it belongs to the question."""
    async with running(server, tmp_path, message_content="true") as house:
        question = await asks(house, notebook, ann, "word " * 28)
        await eventually(lambda: notebook.causes(ThreadOpened))
        thread = server.world.channels[question.id]
        assert (thread.name, thread.parent) == (f"❓ 1 · {'word ' * 18}wor…", question.channel)

        answer = await bob.says(thread, CODE)
        await heard(house, answer)
        assert list(answer.reactions) == ["👀"]
        assert thread.messages[-1].reply_to is answer


async def test_a_thread_that_is_there_will_do(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """We use a thread that anybody opened before; where we may open none, staff are told what to allow."""
    async with running(server, tmp_path, message_content="true") as house:
        await (await bob.slash(guild.channel("general"), "ping")).done()
        form = await (await ann.slash(guild.channel("general"), "ask")).done()
        answer = await (await ann.submits(form, {"title": "Where is the tea kept?"})).done()
        assert answer.message
        await bob.opens_thread(answer.message, "Tea")
        await eventually(lambda: notebook.causes(Said))
        await house.settle()
        assert notebook.causes(ThreadOpened) == [f"discord:thread:{answer.message.id}"]

        for role in guild.roles.values():
            role.permissions &= ~CREATE_THREADS
        await asks(house, notebook, ann)
        refused = [event for event in notebook.events if isinstance(event, EffectRefused)]
        assert [(event.effect, event.reason) for event in refused] == [("OpenThread", "no_threads")]


async def test_where_no_thread_is_wanted(
    server: DiscordServer, guild: Community, ann: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """No thread is opened where it is switched off, or inside a thread."""
    chief = guild.member("chief", permissions=1 << 3)
    general = guild.channel("general")
    async with running(server, tmp_path) as house:
        thread = await ann.opens_thread(general, "Talk")
        form = await (await ann.slash(thread, "ask")).done()
        await (await ann.submits(form, {"title": "Where is the tea kept?"})).done()
        await eventually(lambda: notebook.causes(Said))
        await (await chief.slash(general, "settings set", {"key": "threads.open", "value": "off"})).done()
        question = await asks(house, notebook, ann)

        assert question.id not in server.world.channels
        assert notebook.causes(ThreadOpened) == []


async def test_a_forum_post_is_a_question(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """A post becomes a question where an administrator says so; it is answered there, and survives its deletion."""
    chief = guild.member("chief", permissions=1 << 3)
    forum = guild.forum("help")
    async with running(server, tmp_path, message_content="true") as house:
        said = await (await chief.slash(guild.channel("general"), "questions watch", {"place": forum})).done()
        assert "Every new post or topic in help is a question" in said.text
        opening = await ann.posts(forum, "Where is the tea kept?", "I looked everywhere.")
        await heard(house, opening)
        assert "this is question `1` now" in opening.channel.messages[1].text
        answer = await bob.says(opening.channel, CODE)
        await heard(house, answer)
        assert list(answer.reactions) == ["👀"]

        await guild.deletes(opening.channel)
        await eventually(lambda: notebook.causes(PlaceLost))
        shown = await (await bob.slash(guild.channel("general"), "question show", {"question": "1"})).done()
        assert "Where is the tea kept?" in shown.text
        assert "task.cancel()" in shown.text


async def test_a_locked_post_is_not_answered(
    server: DiscordServer, guild: Community, ann: Person, bob: Person, notebook: Notebook, tmp_path: Path
) -> None:
    """Our message in a locked post is refused once, and the question goes on by commands."""
    chief = guild.member("chief", permissions=1 << 3)
    forum = guild.forum("help")
    async with running(server, tmp_path, message_content="true") as house:
        await (await chief.slash(guild.channel("general"), "questions watch", {"place": forum})).done()
        opening = await ann.posts(forum, "Where is the tea kept?", "I looked everywhere.")
        await heard(house, opening)
        answer = await bob.says(opening.channel, CODE)
        opening.channel.locked = True
        for role in guild.roles.values():
            role.permissions &= ~MANAGE_THREADS
        await heard(house, answer)

        refused = [event for event in notebook.events if isinstance(event, EffectRefused)]
        assert [(event.effect, event.reason) for event in refused] == [("Post", "missing_permission")]
        form = await (await ann.slash(guild.channel("general"), "answer", {"question": "1"})).done()
        await (await ann.submits(form, {"text": "In the kitchen."})).done()
        shown = await (await bob.slash(guild.channel("general"), "question show", {"question": "1"})).done()
        assert "In the kitchen." in shown.text
