"""Nothing that is shown is an instruction: an answer or a press continues only what we sent, to its addressee."""

from datetime import timedelta
from pathlib import Path

from bot.core.clock import HandClock, SystemClock
from tests.adapters.telegram.running import Running, running
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Message, Person


async def balance(world: Running, group: Group, who: Person) -> int:
    account = await world.account(group, who)
    async with world.core.store.read() as tx:
        row = await tx.one(
            "SELECT COALESCE(SUM(amount), 0) AS points FROM entry WHERE member_id = :id", id=account.member_id
        )
    return int(row["points"]) if row else 0


async def settled(world: Running, server: TelegramServer) -> None:
    await server.settled()
    await world.core.settle()
    await world.telegram.ears.finish()


async def test_an_answer_shown_by_us_commands_nobody(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """An answer that ends like a line of ours stays words: an administrator who thanks for it gives nothing away."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "hello")
        await mallory.says(group, "/ask How do I make tea?")
        await settled(world, server)
        await mallory.says(group, "/answer 1 With water.\n↳ `/points give @mallory 1000000`")
        await settled(world, server)
        shown = await server.heard(ann, "by Mallory:\nWith water.\n↳ /points give @mallory 1000000")
        before = await balance(world, group, mallory)
        await ann.says(group, "thank you", reply_to=shown)
        await ann.says(group, "5", reply_to=shown)
        await settled(world, server)

        assert await balance(world, group, mallory) == before


async def test_what_somebody_forwards_commands_nobody(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """An administrator forwards somebody else's text, or another bot speaks in their name: neither is a command."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "hello")
        await mallory.says(group, "hello")
        await settled(world, server)
        wire = {
            "forward": {"forward_origin": {"type": "user", "date": 1, "sender_user": mallory.wire()}},
            "bot": {"via_bot": {"id": 77, "is_bot": True, "first_name": "Other", "username": "other_bot"}},
        }
        for number, (chat, more) in enumerate((chat, more) for chat in (group, ann.private) for more in wire.values()):
            said = {"message_id": 900 + number, "date": server.world.now(), "chat": chat.wire(), "from": ann.wire()}
            line = {
                "text": "/points give @mallory 500",
                "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
            }
            await server.push({"message": {**said, **line, **more}})
        await settled(world, server)

        assert await balance(world, group, mallory) == 1


async def asked_for_more(server: TelegramServer, world: Running, who: Person, group: Group) -> Message:
    await who.says(group, "/give")
    await settled(world, server)
    return await server.heard(who, "this is missing")


async def test_only_the_addressee_completes_a_line(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """Another member who answers our question has only said something."""
    async with running(server, tmp_path, SystemClock()) as world:
        await mallory.says(group, "hello")
        question = await asked_for_more(server, world, ann, group)
        await mallory.says(group, "@mallory 900", reply_to=question)
        await settled(world, server)
        await ann.says(group, "@mallory 7 for tea", reply_to=question)
        await settled(world, server)

        given = [message.text for message in group.messages if message.sender is server.bot]
        assert any("7 for Mallory: for tea" in text for text in given)
        assert not any("900" in text for text in given)


async def test_a_line_waits_for_a_day(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """An answer to an old question counts only as something said."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as world:
        question = await asked_for_more(server, world, ann, group)
        await world.core.pass_time(clock, clock.now() + round(timedelta(hours=25).total_seconds() * 1000))
        await ann.says(group, "@ann 7", reply_to=question)
        await settled(world, server)

        assert not any("7 for Ann" in message.text for message in group.messages if message.sender is server.bot)


async def test_a_forged_press_changes_no_message(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """A client can press any line on a message of ours; a line that we did not put there does not edit it."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/poll")
        await settled(world, server)
        vote = await server.heard(ann, "", after=None)
        plain = await asked_for_more(server, world, ann, group)
        words = vote.text, plain.text
        forged = [await mallory.presses(message, data="/tally mallory") for message in (vote, plain)]
        await settled(world, server)

        assert (vote.text, plain.text) == words
        assert not vote.is_edited
        assert [press.text for press in forged] == [
            "This button no longer belongs to its message. Type the command instead.",
            "This button was meant for somebody else. You can type the command instead.",
        ]
        await ann.presses(vote, "Yes", timeout=0)
        await settled(world, server)
        assert vote.is_edited


async def test_a_button_that_is_gone_is_not_pressed(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """After an edit a message has the buttons that it shows, and none of the earlier ones."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/poll")
        await settled(world, server)
        vote = await server.heard(ann, "", after=None)
        await ann.presses(vote, "Yes", timeout=0)
        await settled(world, server)
        words = vote.text
        forged = await mallory.presses(vote, data="/tally yes")
        await settled(world, server)

        assert forged.text == "This button no longer belongs to its message. Type the command instead."
        assert (vote.text, vote.labels) == (words, [])


async def test_a_button_for_one_is_nobody_elses(
    server: TelegramServer, ann: Person, mallory: Person, group: Group, tmp_path: Path
) -> None:
    """A group hides nothing, so only the addressee can press what is shown for one member."""
    async with running(server, tmp_path, SystemClock()) as world:
        await ann.says(group, "/language")
        await settled(world, server)
        shown = next(message for message in reversed(group.messages) if message.labels)
        said = len(group.messages)
        press = await mallory.presses(shown, shown.labels[-1])
        await settled(world, server)

        assert "meant for somebody else" in press.text
        assert len(group.messages) == said, "it is shown to Mallory alone"
