"""Questions where they are asked on Discord, the whole way over the wire."""

import asyncio
from pathlib import Path

from bot.events import EffectRefused, Said
from tests.adapters.discord.running import Notebook, Running, eventually, running
from tests.servers.discord import Community, DiscordServer, Message, Person
from tests.servers.discord_records import ADD_REACTIONS

CODE = "Like so:\n```python\ntask.cancel()\n```"


async def asks(house: Running, notebook: Notebook, ann: Person, title: str = "How do I cancel a task?") -> Message:
    """The message in which her question stands."""
    general = next(each for each in ann.guild.channels.values() if each.name == "general")
    form = await (await ann.slash(general, "ask")).done()
    before = len(notebook.causes(Said))
    answer = await (await ann.submits(form, {"title": title})).done()
    await eventually(lambda: len(notebook.causes(Said)) > before)
    await house.settle()
    assert answer.message
    return answer.message


async def heard(house: Running, message: Message) -> None:
    """Until it was taken, and what is owed for it was done."""
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
    """The message of an answered interaction is known as the question's, and a reply with code gets our sign."""
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
    """Without the words of messages nothing is guessed, unless a message names us, as a reply to us does."""
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
    """The answer counts all the same; staff are told what is missing."""
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
