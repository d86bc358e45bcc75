"""The whole way on the wire: what people do on Telegram and what they hear; the parts have their own tests."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from telegram import Bot

from bot.core.clock import HandClock, SystemClock
from bot.host import logs
from bot.kit.errors import Unservable
from bot.kit.events import CommandGiven, MessagePosted
from models import communities, dead_letters
from tests.adapters.telegram.running import running
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_world import Group, Person

PIXEL = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00"


def polls(server: TelegramServer) -> list[int | None]:
    """The offsets that polls asked from."""
    return [call.params.get("offset") for call in server.calls if call.method == "getUpdates"]


async def test_ping_in_a_group(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A command in a group is answered there, as a reply to it."""
    async with running(server, tmp_path):
        asked = await ann.says(group, "/ping")

        assert (await server.heard(ann, "I am here")).reply_to is asked


async def test_ping_in_private(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A member of the community is answered in private too, in the language of their app."""
    ann.language = "zh-hans"
    async with running(server, tmp_path):
        await ann.says(group, "hello")
        await ann.says(ann.private, "/ping")

        assert (await server.heard(ann, "我在")).chat is ann.private


async def test_ping_in_a_topic(server: TelegramServer, ann: Person, tmp_path: Path) -> None:
    """In a forum the answer comes in the topic."""
    forum = server.group("Forum", forum=True)
    forum.add(ann, "creator")
    topic = forum.topic("help")
    async with running(server, tmp_path):
        await ann.says(forum, "/ping", topic=topic)

        assert (await server.heard(ann, "I am here")).topic is topic


async def test_start_is_help(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A person who presses start is told what they can ask."""
    async with running(server, tmp_path):
        await ann.says(group, "hello")
        await server.settled()
        await ann.says(ann.private, "/start")

        assert "What you can ask" in (await server.heard(ann, "/ping")).text


async def test_options_by_words(server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path) -> None:
    """Members are named by mention, username or reply, and phones' quotes and wide digits are understood."""
    async with running(server, tmp_path):
        hello = await bob.says(group, "hello")
        await ann.says(group, "/give {} ５ “for 🔥 help”", mention=[bob])
        heard = await server.heard(ann, "5 for Bob: for 🔥 help")
        assert f"tg://user?id={bob.id}" in heard.html

        await ann.says(group, "/give@Hearth_Bot 6 by reply", reply_to=hello)
        await server.heard(ann, "6 for Bob: by reply")

        await bob.says(group, "/give @ann 7 by name")
        await server.heard(bob, "7 for Ann: by name")


async def test_a_message_is_asked(
    server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path
) -> None:
    """A reply with only a command means the words of that message, also a caption; staff may do so for its author."""
    async with running(server, tmp_path):
        tea = await ann.says(group, "Tea is in the kitchen, who wants some?")
        wondering = await bob.says(group, "Where is the tea kept?", photo=PIXEL)
        await bob.says(group, "/ask", reply_to=tea)
        await server.heard(bob, "Only its author and staff can make it a question")
        await ann.says(group, "/ask", reply_to=wondering)
        asked = await server.heard(bob, "1 · Where is the tea kept?")

        assert f"tg://user?id={bob.id}" in asked.html


async def test_a_picture(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A command may be the caption of a picture."""
    async with running(server, tmp_path):
        await ann.says(group, "/show", photo=PIXEL)

        await server.heard(ann, "Got photo.jpg")


async def test_a_file_in_and_out(
    server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path
) -> None:
    """A command may be a document's caption or answer one; a private document comes in private, or not at all."""
    table = ("tea.csv", "茶,1".encode("utf-16"))
    async with running(server, tmp_path):
        await bob.says(bob.private, "/start")
        handed = await ann.says(group, "here it is", document=table)
        await ann.says(group, "/copy", document=table)
        await server.heard(ann, "I cannot write to you yet")
        await bob.says(group, "/copy", reply_to=handed)
        copied = await server.heard(bob, "Here is tea.csv again")

        assert copied.chat is bob.private
        assert copied.document == ("tea.csv", "茶,1".encode())
        assert not any(message.document for message in group.messages if message.sender.is_bot)


async def test_a_file_that_is_asked_for(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A member who forgot the file is asked for it, and answers with it."""
    async with running(server, tmp_path):
        await ann.says(ann.private, "/start")
        await ann.says(group, "/copy")
        question = await server.heard(ann, "this is missing")
        await ann.says(group, "", document=("tea.csv", b"tea"), reply_to=question)

        assert (await server.heard(ann, "Here is tea.csv again")).document == ("tea.csv", b"tea")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\x00", "cannot read this file as text"), (b"x" * (256 * 1024 + 1), "the file is too large")],
)
async def test_a_file_that_cannot_be_read(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, content: bytes, said: str
) -> None:
    """An unreadable file is refused with advice, and one that is too large is not even fetched."""
    async with running(server, tmp_path):
        await ann.says(group, "/copy", document=("tea.csv", content))
        await server.heard(ann, said)

        assert any(call.method == "getFile" for call in server.calls) == (len(content) == 2)


async def test_a_file_that_cannot_be_fetched(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """The author is asked for the file again."""
    async with running(server, tmp_path):
        server.fault("getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        await ann.says(group, "/copy", document=("tea.csv", b"tea"))

        await server.heard(ann, "I could not fetch the file.")


async def test_files_of_those_who_may_not(server: TelegramServer, bob: Person, group: Group, tmp_path: Path) -> None:
    """Nothing is fetched for a member who may not give the command."""
    async with running(server, tmp_path):
        await bob.says(group, "/collect", document=("tea.csv", b"tea"))
        await server.heard(bob, "Only moderators")

        assert not any(call.method == "getFile" for call in server.calls)


async def test_a_missing_option(server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path) -> None:
    """A missing option is asked for, and the member's answer completes the line, even after a restart."""
    async with running(server, tmp_path):
        await bob.says(group, "hello")
        await ann.says(group, "/give")
        question = await server.heard(ann, "Who gets them")
        assert question.markup == {"force_reply": True, "selective": True}
        await server.settled()

    async with running(server, tmp_path):
        await ann.says(group, "{}", reply_to=question, mention=[bob])
        second = await server.heard(ann, "How many", after=question)
        await ann.says(group, "5 thanks", reply_to=second)

        await server.heard(ann, "5 for Bob: thanks")


async def test_an_example_is_no_question(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """An answer to a message that only shows a command is an ordinary message."""
    async with running(server, tmp_path) as house:
        await ann.says(group, "/ping pong")
        refusal = await server.heard(ann, "one word too many")
        await ann.says(group, "thanks", reply_to=refusal)
        await server.settled()

        assert isinstance(house.core.events[-1], MessagePosted)


async def test_a_button(server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path) -> None:
    """A button pressed after a restart is answered, and its reply replaces the message."""
    async with running(server, tmp_path):
        await ann.says(group, "/poll")
        question = await server.heard(ann, "Shall we?")
        await server.settled()

    async with running(server, tmp_path):
        await bob.presses(question, "Yes")

        assert await server.heard(bob, "One more yes.") is question
        assert question.labels == []


async def test_rights(server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path) -> None:
    """Telegram is asked for rights each time, once for a burst; a command that everybody may give needs no question."""
    async with running(server, tmp_path):
        await bob.says(group, "/about")
        await server.settled()
        assert "getChatMember" not in {call.method for call in server.calls}

        await bob.says(group, "/poll")
        await server.heard(bob, "Only moderators")
        await ann.says(group, "/poll")
        await server.heard(ann, "Shall we?")
        await ann.says_as_anonymous_admin(group, "/poll")
        await server.heard(ann, "as the group itself")
        await ann.says(group, "/poll")
        await server.settled()

        assert [call.params["user_id"] for call in server.calls if call.method == "getChatMember"] == [bob.id, ann.id]


async def test_privacy_of_replies(
    server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path
) -> None:
    """A private reply goes to members who once pressed start; for others it stays in the group for a minute."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        for person in (ann, bob):
            await person.says(group, "hello")
        await server.settled()
        await ann.says(ann.private, "/start")
        await ann.says(group, "/secret")
        asked = await bob.says(group, "/secret")
        await server.settled()
        await house.core.settle()

        (shown,) = [message for message in server.visible_to(bob) if message.text == "The word is hearth."]
        assert shown.chat is group
        assert shown.reply_to is asked
        assert ann.private.messages[-1].text == shown.text

        await house.core.pass_time(clock, clock.now() + 59_000)
        assert not shown.is_deleted
        await house.core.pass_time(clock, clock.now() + 2_000)
        assert shown.is_deleted


async def test_blocked(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A member who blocks the bot gets no private messages until they unblock it."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        await ann.says(group, "hello")
        await server.settled()
        await ann.says(ann.private, "/start")
        await server.settled()
        assert (await house.account(group, ann)).reachable

        ann.blocks_bot()
        await server.settled()
        assert not (await house.account(group, ann)).reachable

        ann.unblocks_bot()
        await server.settled()
        assert (await house.account(group, ann)).reachable


async def test_a_first_meeting(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A person who presses start before their first message can be told things in private from then on."""
    async with running(server, tmp_path, HandClock(SystemClock().now())) as house:
        await ann.says(group, "hello")
        await server.settled()
        eve = server.user("Eve")
        await eve.says(eve.private, "/start")
        await server.settled()

        assert (await house.account(group, eve)).reachable


async def test_blocked_unnoticed(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A refusal because of a block is final, and has the same effect as hearing of the block."""
    async with running(server, tmp_path) as house:
        await ann.says(group, "hello")
        await server.settled()
        await ann.says(ann.private, "/start")
        await server.heard(ann, "What you can ask")
        ann.private.is_blocked = True
        await ann.says(group, "/secret")
        async with asyncio.timeout(3):
            while (await house.account(group, ann)).reachable:
                await asyncio.sleep(0.01)

        told = [call for call in server.calls if call.method == "sendMessage" and "The word" in call.params["text"]]
        assert len(told) == 1


async def test_redelivery(server: TelegramServer, ann: Person, bob: Person, group: Group, tmp_path: Path) -> None:
    """Updates absorbed but not confirmed before a crash come again, and count once."""
    await bob.says(group, "hello")
    await ann.says(group, "/give {} 5", mention=[bob])
    async with running(server, tmp_path) as first:
        first.core.after.clear()
        await server.heard(ann, "5 for Bob")
        first.serving.cancel()
        first.core.after.set()

    assert len(server.pending) == 2
    async with running(server, tmp_path) as second:
        await server.settled()
        assert [type(event) for event in second.core.events] == [MessagePosted, CommandGiven]
        assert second.core.fresh == 0
        await ann.says(group, "/ping")
        await server.heard(ann, "I am here")

    assert [message.text for message in group.messages].count("5 for Bob:") == 1


async def test_not_confirmed_before_absorbed(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """While the store cannot take them, updates are not confirmed; later the same ones are taken and confirmed."""
    async with running(server, tmp_path) as house:
        await server.settled()
        house.core.busy = 1
        await ann.says(group, "/ping")
        await house.health("StoreBusy")
        assert len(server.pending) == 1
        assert not house.telegram.health()["ok"]

        await server.heard(ann, "I am here")
        await server.settled()
        assert house.telegram.health() == {"ok": True, "mode": "poll", "trouble": "", "unread": 0}


async def test_stopping(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """Stopping ends the poll at once, and waits for the present batch."""
    async with running(server, tmp_path) as house:
        await server.settled()
        house.core.before.clear()
        house.core.asked.clear()
        await ann.says(group, "hello")
        await asyncio.wait_for(house.core.asked.wait(), 5)
        stopping = asyncio.create_task(house.telegram.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()

        house.core.before.set()
        await asyncio.wait_for(stopping, 5)
        await asyncio.wait_for(house.serving, 5)
        assert len(house.core.events) == 1
        assert len(server.pending) == 1


async def test_numbers_that_begin_anew(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """After days without updates the poll names no offset, so that it sees lower numbers."""
    clock = HandClock(SystemClock().now())
    async with running(server, tmp_path, clock) as house:
        await ann.says(group, "hello")
        await server.settled()
        assert polls(server)[0] is None
        assert polls(server)[-1] == server.confirmed + 1

        clock.move(clock.now() + round(timedelta(days=6, seconds=1).total_seconds() * 1000))
        server.jump_update_ids(5)
        await ann.says(group, "hello again")
        async with Bot(server.token, f"{server.api_url}/bot") as other:
            await other.get_updates()  # ends the earlier poll
        await server.settled()

        assert [event.cause for event in house.core.events][-1] == f"telegram:msg:{group.id}:2"


async def test_another_poller(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A second process with the same token is reported and waited for, not fought."""
    fault = server.fault("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=2)
    with capture_logs() as logs:
        async with running(server, tmp_path) as house:
            await ann.says(group, "/ping")
            await house.health("conflict")
            await server.heard(ann, "I am here", timeout=4)

    assert fault.times == 0
    assert any("another process uses this bot's token" in line["event"] for line in logs)


async def test_network_trouble(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """Network trouble at the start and at a poll is waited out."""
    server.fault("getMe", 502, "Bad Gateway")
    server.fault("getUpdates", cut=True)
    async with running(server, tmp_path):
        await ann.says(group, "/ping")

        await server.heard(ann, "I am here", timeout=4)


async def test_a_revoked_token(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A revoked token ends the service with advice, and the token is not shown."""
    token = server.token
    async with running(server, tmp_path) as house:
        await ann.says(group, "hello")
        await server.settled()
        server.token = "another"
        await ann.says(group, "hello?")
        with pytest.raises(Unservable, match="@BotFather") as refused:
            await asyncio.wait_for(house.serving, 3)

    assert refused.value.__suppress_context__
    assert token not in str(refused.value)


@contextmanager
def debug_log(secret: str) -> Iterator[None]:
    """Our own log at its most detailed level; pytest's handlers are put aside, since ours closes what it replaces."""
    before, level = logging.root.handlers, logging.root.level
    logging.root.handlers = []
    logs.set_up("debug", "text", [secret])
    try:
        yield
    finally:
        logging.root.handlers = before
        logging.root.setLevel(level)
        structlog.reset_defaults()


async def test_the_token_is_not_logged(
    server: TelegramServer, ann: Person, group: Group, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The most detailed log of a day with trouble does not contain the token."""
    token = server.token
    server.fault("getUpdates", cut=True)
    with debug_log(token):
        async with running(server, tmp_path) as house:
            await ann.says(group, "/ping")
            await server.heard(ann, "I am here", timeout=4)
            server.token = "another"
            await ann.says(group, "/ping")
            with pytest.raises(Unservable):
                await asyncio.wait_for(house.serving, 3)

    logged = capsys.readouterr().err
    assert "telegram has to wait" in logged
    assert token not in logged


async def test_an_unknown_update(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """An update that this version cannot read, by kind or for a missing part, is kept as it came, and others go on."""
    async with running(server, tmp_path) as house:
        server.raw_update({"levitation": {"height": 3}})
        server.raw_update({"message": {"message_id": 7}})
        await ann.says(group, "/ping")
        await server.heard(ann, "I am here")
        async with house.core.store.read() as tx:
            unknown, broken = await dead_letters.letters(tx, 10)

        assert "levitation" in unknown.body
        assert "message_id" in broken.body
        assert {unknown.kind, broken.kind} == {"Unrecognised"}


async def test_a_group_that_grows(server: TelegramServer, ann: Person, bob: Person, tmp_path: Path) -> None:
    """A group that becomes a supergroup keeps its members and data, before, during and after the change."""
    small = server.group(kind="group")
    small.add(ann, "creator")
    small.add(bob)
    async with running(server, tmp_path) as house:
        await bob.says(small, "hello")
        await server.settled()
        before, known = await house.place(small), await house.account(small, bob)

        house.core.before.clear()
        await ann.says(small, "before")
        await asyncio.sleep(0.05)
        await ann.says(small, "still before")
        await small.migrate()
        await ann.says(small, "/ping")
        house.core.before.set()

        await server.heard(ann, "I am here")
        after = await house.place(small)
        assert (after.id, after.community_id) == (before.id, before.community_id)
        assert await house.account(small, bob) == known
        async with house.core.store.read() as tx:
            assert len(await communities.communities(tx)) == 1


async def test_moved_unnoticed(server: TelegramServer, ann: Person, tmp_path: Path) -> None:
    """A reply that meets the move only when it is sent arrives in the new chat."""
    clock = HandClock(SystemClock().now())
    small = server.group(kind="group")
    small.add(ann, "creator")
    async with running(server, tmp_path, clock) as house:
        await ann.says(small, "/ping")
        await server.settled()
        house.core.before.clear()
        await small.migrate()
        keeping = asyncio.create_task(house.core.settle())
        await asyncio.sleep(0.1)
        house.core.before.set()
        await keeping
        await house.core.pass_time(clock, clock.now() + 60_000)

        assert (await server.heard(ann, "I am here")).chat is small


async def test_flood(server: TelegramServer, ann: Person, group: Group, tmp_path: Path) -> None:
    """A flood wait in one chat holds up no other."""
    other = server.group("Other")
    other.add(ann, "creator")
    server.fault("sendMessage", 429, "Too Many Requests: retry after 600", retry_after=600, chat=group)
    async with running(server, tmp_path):
        await ann.says(group, "/ping")
        await ann.says(other, "/ping")
        assert (await server.heard(ann, "I am here")).chat is other
        await ann.says(group, "/ping")
        await server.settled()
        await asyncio.sleep(0.1)

        held = [call for call in server.calls if call.method == "sendMessage" and call.params["chat_id"] == group.id]
        assert len(held) == 1


async def test_a_poll_that_is_put_off_without_end(server: TelegramServer, tmp_path: Path) -> None:
    """Telegram is asked again after a quarter of an hour, whatever it says."""
    server.fault("getUpdates", 429, "Too Many Requests: retry after 9", retry_after=10**9)
    with capture_logs() as logs:
        async with running(server, tmp_path) as house:
            await house.health("RetryAfter")

    assert [each["again_in"] for each in logs if each["event"] == "telegram has to wait"] == [900]


async def test_menus(server: TelegramServer, tmp_path: Path) -> None:
    """Menus are sent once for each state of the commands, not at every start."""
    for _ in range(2):
        async with running(server, tmp_path):
            await server.world.until(lambda: bool(polls(server)), 2, "no poll")

    assert len([call for call in server.calls if call.method == "setMyCommands"]) == 6
    assert server.commands["all_chat_administrators", "zh"]["settings"] == "查看和更改 Hearth 在这里的工作方式"
    assert "settings" not in server.commands["default", ""]
    assert server.commands["all_private_chats", ""]["ping"] == "Check that Hearth is awake"


async def test_check(server: TelegramServer, tmp_path: Path) -> None:
    """The check names the bot and what it sees, or what to do about a failing token or network."""
    async with running(server, tmp_path) as house:
        await server.world.until(lambda: bool(polls(server)), 2, "no poll")
        server.fault("getWebhookInfo", 502, "Bad Gateway")
        assert await house.telegram.check() == [(False, f"{server.api_url} does not answer (NetworkError)")]
        assert await house.telegram.check() == [
            (True, "the token is that of @hearth_bot, which sees every message only where it is an administrator"),
            (True, "updates arrive"),
        ]
        server.token = "another"
        with pytest.raises(Unservable, match="@BotFather"):
            await house.telegram.check()
