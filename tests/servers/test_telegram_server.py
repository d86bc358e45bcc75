"""The real python-telegram-bot against our Telegram server; its adapter's tests show what Hearth does with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChatMember,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberOwner,
    ChatPermissions,
    ForceReply,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.servers.spec_telegram import ABSENT, description
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import PIXEL, bot_of, keyboard, updates

needs_description = pytest.mark.skipif(description() is None, reason=ABSENT)


@pytest.fixture
def server(telegram: TelegramServer) -> TelegramServer:
    return telegram


async def test_commands(server: TelegramServer, bot: Bot) -> None:
    """Commands are kept per scope and language, and wrong ones are refused."""
    ann, group = server.user("ann"), server.group()
    here = BotCommandScopeChatMember(group.id, ann.id)

    await bot.set_my_commands([BotCommand("points", "积分")], BotCommandScopeAllPrivateChats(), "zh")
    await bot.set_my_commands([("points", "Your points")], here)

    assert server.commands == {
        ("all_private_chats", "zh"): {"points": "积分"},
        (f"chat_member:{group.id}:{ann.id}", ""): {"points": "Your points"},
    }
    assert await bot.get_my_commands(here) == (BotCommand("points", "Your points"),)
    for wrong, language in ((("Points", "No capitals"), ""), (("points", ""), ""), (("points", "x"), "zh-hans")):
        with pytest.raises(BadRequest):
            await bot.set_my_commands([wrong], language_code=language)


async def test_updates_survive_a_crash(server: TelegramServer, bot: Bot) -> None:
    """Unconfirmed updates come again to the next process, which names no offset."""
    ann = server.user("ann", username="ann", language="en")
    await ann.says(ann.private, "/start")
    await ann.says(ann.private, "hello")
    first, second = await updates(bot)

    async with bot_of(server) as restarted:
        again = await updates(restarted)
        assert [one.update_id for one in again] == [first.update_id, second.update_id]
        assert await updates(restarted, offset=second.update_id + 1) == ()

    assert (server.confirmed, server.pending) == (second.update_id, [])
    assert first.message is not None
    assert first.message.from_user is not None
    assert first.message.from_user.language_code == "en"


async def test_long_poll(server: TelegramServer, bot: Bot) -> None:
    """A poll waits for its time, and ends at once when something happens."""
    ann, loop = server.user("ann"), asyncio.get_running_loop()

    began = loop.time()
    assert await bot.get_updates(timeout=1) == ()
    assert loop.time() - began >= 1

    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    assert not polling.done()
    await ann.says(ann.private, "hello")
    assert len(await asyncio.wait_for(polling, 2)) == 1


async def test_second_poller(server: TelegramServer, bot: Bot) -> None:
    """A second poller ends the first one's poll with 409."""
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)

    async with bot_of(server) as second:
        await second.get_updates()
        with pytest.raises(Conflict):
            await asyncio.wait_for(polling, 2)


async def test_update_ids_jump_lower(server: TelegramServer, bot: Bot) -> None:
    """After a jump, a poll with the old offset hides updates, and one without an offset shows them."""
    ann = server.user("ann")
    await ann.says(ann.private, "before")
    (before,) = await updates(bot)
    assert await updates(bot, offset=before.update_id + 1) == ()
    polling = asyncio.create_task(bot.get_updates(offset=before.update_id + 1, timeout=1))
    await asyncio.sleep(0.1)
    server.jump_update_ids(5)
    await ann.says(ann.private, "after")

    assert await polling == ()
    assert [one.update_id for one in await updates(bot)] == [5]


async def test_kinds_on_request(server: TelegramServer, bot: Bot) -> None:
    """Reactions and members come only on request; an omitted list keeps the last one, an empty one resets it."""
    ann, group = server.user("ann"), server.group()
    group.add(ann)
    message = await ann.says(group, "hello")
    await ann.reacts(message, "👍")
    (only,) = await updates(bot)
    assert only.message

    await ann.reacts(message, "🔥")
    await ann.unreacts(message)
    *_, changed, gone = await updates(bot, None)
    assert changed.message_reaction is not None
    assert gone.message_reaction is not None
    assert [one.to_dict()["emoji"] for one in changed.message_reaction.old_reaction] == ["👍"]
    assert gone.message_reaction.new_reaction == ()

    await updates(bot, [], offset=gone.update_id + 1)
    await ann.reacts(message, "👍")
    assert await updates(bot, None) == ()


async def test_members(server: TelegramServer, bot: Bot) -> None:
    """Members come, get a tag, are promoted, removed and banned, and the bot is told of each step."""
    ann, bob, group = server.user("ann"), server.user("bob"), server.group()
    await updates(bot)
    group.add(bob, "creator")
    await ann.joins(group)
    assert await bot.set_chat_member_tag(group.id, ann.id, "Gold")
    assert await bot.restrict_chat_member(group.id, ann.id, ChatPermissions(can_send_messages=False))
    assert await bot.unban_chat_member(group.id, ann.id)
    assert await bot.ban_chat_member(group.id, ann.id)

    changes = [one.chat_member for one in await updates(bot) if one.chat_member]
    assert [(one.old_chat_member.status, one.new_chat_member.status) for one in changes] == [
        ("left", "creator"),
        ("left", "member"),
        ("member", "member"),
        ("member", "restricted"),
        ("restricted", "left"),
        ("left", "kicked"),
    ]
    assert isinstance(await bot.get_chat_member(group.id, ann.id), ChatMemberBanned)
    assert {type(one) for one in await bot.get_chat_administrators(group.id)} == {
        ChatMemberAdministrator,
        ChatMemberOwner,
    }
    assert (await bot.get_chat(group.id)).accepted_gift_types is not None
    group.deny("can_manage_tags")
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.set_chat_member_tag(group.id, bob.id, "Gold")


async def test_join_request(server: TelegramServer, bot: Bot) -> None:
    """A person who uses a link with approval is inside only after approval."""
    ann, group = server.user("ann"), server.group()
    link = await bot.create_chat_invite_link(group.id, name="Gold", creates_join_request=True)
    await ann.joins(group, link.invite_link)
    assert not group.holds(ann)

    (asked,) = [one.chat_join_request for one in await updates(bot, ["chat_join_request"])]
    assert asked is not None
    assert await asked.approve()
    assert group.holds(ann)


async def test_callback(server: TelegramServer, bot: Bot) -> None:
    """A pressed button brings its data, and the answer is shown to the person who pressed."""
    ann, group = server.user("ann"), server.group()
    group.add(ann)
    sent = await bot.send_message(group.id, "Accept?", reply_markup=keyboard(("Accept", "a:1"), ("Accept", "a:2")))
    pressing = asyncio.create_task(ann.presses(group.messages[-1], "Accept", nth=2))
    (update,) = await bot.get_updates(timeout=2)
    query = update.callback_query

    assert query is not None
    assert (query.data, query.message) == ("a:2", sent)
    await query.answer("Accepted", show_alert=True)
    press = await pressing
    assert (press.text, press.show_alert) == ("Accepted", True)
    await query.edit_message_text("Accepted by ann")
    assert (group.messages[-1].text, group.messages[-1].labels) == ("Accepted by ann", [])


async def test_old_button(server: TelegramServer, bot: Bot) -> None:
    """A button of a deleted message still brings its data, with an inaccessible message."""
    ann = server.user("ann")
    await ann.says(ann.private, "/start")
    sent = await bot.send_message(ann.id, "Accept?", reply_markup=keyboard(("Accept", "a:1")))
    await sent.delete()
    await ann.presses(ann.private.messages[-1], data="a:1", timeout=0)

    update = (await updates(bot))[-1]
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert not update.callback_query.message.is_accessible


async def test_entities(server: TelegramServer, bot: Bot) -> None:
    """Commands and mentions are marked in UTF-16 units; a person without username is mentioned by a text_mention."""
    ann, bob, eve, group = server.user("ann"), server.user("bob"), server.user("eve", username="eve"), server.group()
    group.add(ann)
    await ann.says(group, "🔥 /points@hearth_bot give {} {} 5", mention=[bob, eve])

    update = (await updates(bot))[-1]
    assert update.message is not None
    assert update.message.parse_entities() == dict(
        zip(update.message.entities, ("/points@hearth_bot", "bob", "@eve"), strict=True)
    )
    assert [one.type for one in update.message.entities] == ["bot_command", "text_mention", "mention"]
    assert update.message.entities[1].user is not None
    assert update.message.entities[1].user.id == bob.id


async def test_html(server: TelegramServer, bot: Bot) -> None:
    """HTML is read as Telegram reads it, and members see the plain text."""
    ann, group = server.user("ann"), server.group()
    group.add(ann)
    source = f'<b>👍 10 &lt; 20</b> <a href="tg://user?id={ann.id}">ann</a> <code>/points</code> '
    sent = await bot.send_message(group.id, source, parse_mode="HTML")

    assert sent.text == "👍 10 < 20 ann /points"
    kinds = [MessageEntity.BOLD, MessageEntity.TEXT_MENTION, MessageEntity.CODE]
    assert [one.type for one in sent.entities] == kinds
    assert list(sent.parse_entities().values()) == ["👍 10 < 20", "ann", "/points"]
    assert (await server.heard(ann, "10 < 20")).html == source


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<b>bold", "can't find end tag"),
        ("1 < 2", "unsupported start tag"),
        ("<h1>title</h1>", "unsupported start tag"),
        ("<b><i>x</b></i>", "unmatched end tag"),
        ("x</b>", "unexpected end tag"),
        ("<b> </b>", "message text is empty"),
        ("x" * 4097, "message is too long"),
    ],
)
async def test_refused_text(server: TelegramServer, bot: Bot, text: str, complaint: str) -> None:
    """A text that Telegram would refuse is refused here in the same words."""
    with pytest.raises(BadRequest, match=f"(?i){complaint}"):
        await bot.send_message(server.group().id, text, parse_mode="HTML")


async def test_keyboard_limits(server: TelegramServer, bot: Bot) -> None:
    """A button holds 64 bytes, not 64 characters."""
    group = server.group()
    assert await bot.send_message(group.id, "x", reply_markup=keyboard(("ok", "x" * 64)))
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(group.id, "x", reply_markup=keyboard(("ok", "积" * 22)))


async def test_messages(server: TelegramServer, bot: Bot) -> None:
    """The bot replies, edits, reacts, deletes, shows pictures and asks for replies; members see it in order."""
    ann, group = server.user("ann"), server.group()
    group.add(ann)
    asked = await ann.says(group, "/ask tax")
    sent = await bot.send_message(group.id, "First", reply_parameters=ReplyParameters(asked.id))
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await sent.edit_text("First")
    await sent.edit_text("Second")
    await bot.set_message_reaction(group.id, asked.id, "👍")
    await bot.send_photo(group.id, PIXEL, caption="<i>Rank</i>", parse_mode="HTML")
    prompt = await bot.send_message(group.id, "Which?", reply_markup=ForceReply(selective=True))
    await prompt.delete()

    _, reply, picture, gone = server.visible_to(ann)
    assert (reply.text, reply.is_edited, reply.reply_to) == ("Second", True, asked)
    assert (picture.photo, picture.text, picture.html) == (PIXEL, "Rank", "<i>Rank</i>")
    assert (gone.is_deleted, gone.markup["force_reply"]) == (True, True)
    assert asked.reactions == {server.bot.id: ["👍"]}
    await ann.edits(asked, "/ask taxes")
    edited = (await updates(bot))[-1].edited_message
    assert edited is not None
    assert edited.text == "/ask taxes"


async def test_photo_of_a_member(server: TelegramServer, bot: Bot) -> None:
    """The bot can fetch a member's picture."""
    ann = server.user("ann")
    await ann.says(ann.private, "/answer", photo=PIXEL)

    message = (await updates(bot))[-1].message
    assert message is not None
    assert (message.caption, message.photo[-1].width) == ("/answer", 2)
    assert await (await message.photo[-1].get_file()).download_as_bytearray() == PIXEL


async def test_bot_thrown_out(server: TelegramServer, bot: Bot) -> None:
    """A bot that was removed is told, and cannot write until it is back."""
    ann, group = server.user("ann"), server.group()
    group.add(server.bot, "kicked", by=ann)
    with pytest.raises(Forbidden, match="kicked from the supergroup"):
        await bot.send_message(group.id, "hello")
    group.add(server.bot, "administrator", by=ann)

    told = [one.my_chat_member for one in await updates(bot) if one.my_chat_member]
    assert [one.new_chat_member.status for one in told] == ["kicked", "administrator"]
    assert await bot.send_message(group.id, "hello")


async def test_topics(server: TelegramServer, bot: Bot) -> None:
    """In a forum, a plain message in a topic carries the topic's opening as what it replies to."""
    ann, group = server.user("ann"), server.group("Hearth", forum=True)
    group.add(ann)
    topic = group.topic("help")
    await ann.says(group, "hello", topic=topic)
    made = await bot.create_forum_topic(group.id, "answers")
    sent = await bot.send_message(group.id, "here", message_thread_id=made.message_thread_id)

    message = next(one.message for one in await updates(bot) if one.message and one.message.text)
    assert message.message_thread_id == topic.id
    assert message.reply_to_message is not None
    assert message.reply_to_message.forum_topic_created is not None
    assert sent.is_topic_message
    with pytest.raises(BadRequest, match=r"(?i)thread not found"):
        await bot.send_message(group.id, "nowhere", message_thread_id=999)


async def test_privacy(server: TelegramServer, bot: Bot) -> None:
    """A bot that is no administrator sees only commands, mentions, replies to itself and service messages."""
    ann, group = server.user("ann"), server.group(bot_admin=False)
    group.add(ann)
    await bot.send_message(group.id, "hello")
    ours = group.messages[-1]
    for text in ("chatter", "/rank", "/rank@other_bot", "hi @hearth_bot"):
        await ann.says(group, text)
    await ann.says(group, "a reply", reply_to=ours)
    await ann.reacts(ours, "👍")
    await ann.leaves(group)

    seen = await updates(bot)
    assert [one.message.text for one in seen if one.message] == ["/rank", "hi @hearth_bot", "a reply", None]
    assert len(seen) == 4


async def test_anonymous_admin(server: TelegramServer, bot: Bot) -> None:
    """An anonymous admin arrives as the group itself."""
    ann, group = server.user("ann"), server.group()
    group.add(ann, "creator")
    await ann.says_as_anonymous_admin(group, "/settings list")

    message = (await updates(bot))[-1].message
    assert message is not None
    assert message.from_user is not None
    assert message.sender_chat is not None
    assert (message.from_user.id, message.sender_chat.id) == (1087968824, group.id)


async def test_private_chats(server: TelegramServer, bot: Bot) -> None:
    """The bot reaches people who started it and did not block it; it is told of a block."""
    ann = server.user("ann")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(ann.id, "hello")
    await ann.says(ann.private, "/start")
    await bot.send_message(ann.id, "hello")
    ann.blocks_bot()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ann.id, "hello")
    ann.unblocks_bot()

    told = [one.my_chat_member for one in await updates(bot) if one.my_chat_member]
    assert [one.new_chat_member.status for one in told] == ["kicked", "member"]
    assert await bot.send_message(ann.id, "hello again")


async def test_migration(server: TelegramServer, bot: Bot) -> None:
    """A basic group that grew is announced in both chats, and its old id names the new one."""
    ann, group = server.user("ann"), server.group(kind="group")
    group.add(ann)
    old = group.id
    await group.migrate()

    there, here = [one.message for one in await updates(bot) if one.message]
    assert (there.chat.id, there.migrate_to_chat_id) == (old, group.id)
    assert (here.chat.id, here.migrate_from_chat_id) == (group.id, old)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "hello")
    assert moved.value.new_chat_id == group.id
    assert await bot.send_message(group.id, "hello")


async def test_faults(server: TelegramServer, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fault becomes the library's own error, in its chat and as often as it was planned."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    group, other = server.group(), server.group("Other")
    server.fault("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7, chat=group)
    server.fault("sendMessage", 502, "Bad Gateway", times=2, chat=group)

    assert await bot.send_message(other.id, "through")
    with pytest.raises(RetryAfter) as flood:
        await bot.send_message(group.id, "held")
    assert flood.value.retry_after == timedelta(seconds=7)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(group.id, "held")
    assert await bot.send_message(group.id, "through")
    assert [one.text for one in group.messages] == ["through"]


async def test_unknown_outcome(server: TelegramServer, bot: Bot) -> None:
    """After a time-out or a cut after delivery the message is there, but the bot has no answer."""
    group = server.group()
    server.fault("sendMessage", hang=True, after_delivery=True)
    server.fault("sendMessage", cut=True, after_delivery=True)
    server.fault("sendMessage", cut=True)

    with pytest.raises(TimedOut):
        await bot.send_message(group.id, "timed out", read_timeout=0.2)
    for text in ("cut after", "cut before"):
        with pytest.raises(NetworkError):
            await bot.send_message(group.id, text)
    assert [one.text for one in group.messages] == ["timed out", "cut after"]


async def test_revoked_token(server: TelegramServer, bot: Bot) -> None:
    """Another token of the server revokes the bot's own."""
    server.token = "another"

    with pytest.raises(InvalidToken):
        await bot.get_me()


async def test_unknown_update(server: TelegramServer, bot: Bot) -> None:
    """An update of an unknown kind passes without validation."""
    number = server.raw_update({"levitation": {"height": 3}})

    (update,) = await updates(bot)
    assert (update.update_id, update.api_kwargs) == (number, {"levitation": {"height": 3}})


@asynccontextmanager
async def webhook_at(statuses: list[int], got: list[tuple[str | None, int]]) -> AsyncIterator[str]:
    async def receive(request: web.Request) -> web.Response:
        update = Update.de_json(await request.json())
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update.update_id))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/telegram", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    await runner.cleanup()


async def test_webhook(server: TelegramServer, bot: Bot) -> None:
    """A webhook gets its secret, gets an update again until it answers 2xx, and excludes polling."""
    ann, got = server.user("ann"), list[tuple[str | None, int]]()
    async with webhook_at([500], got) as url:
        await bot.set_webhook(url, secret_token="1-hush_")
        await ann.says(ann.private, "hello")
        await server.settled()
        number = await server.push({"message": ann.private.messages[0].wire()})

        assert got == [("1-hush_", number - 1), ("1-hush_", number - 1), ("1-hush_", number)]
        assert server.confirmed == number
        assert "500" in str((await bot.get_webhook_info()).last_error_message)
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        await bot.delete_webhook()
        assert await bot.get_updates() == ()


async def test_heard_gives_up(server: TelegramServer) -> None:
    """Waiting for words that nobody says fails, and so does one's own echo."""
    ann, group = server.user("ann"), server.group()
    group.add(ann)
    await ann.says(group, "hello")

    with pytest.raises(AssertionError, match="ann never heard 'hello'"):
        await server.heard(ann, "hello", timeout=0.05)


async def post(server: TelegramServer, method: str, body: object) -> int:
    async with ClientSession() as session:
        response = await session.post(f"{server.api_url}/bot{server.token}/{method}", json=body)
        return response.status


@needs_description
@pytest.mark.parametrize(
    ("method", "body", "fault"),
    [
        ("sendMessage", {"chat_id": 1}, "REQ sendMessage: text: required parameter missing"),
        ("sendMessage", {"chat_id": 1, "text": "x", "colour": 1}, "REQ sendMessage: colour: unknown parameter"),
        ("sendMessage", {"chat_id": 1.5, "text": "x"}, "REQ sendMessage: chat_id: 1.5 is no Integer"),
        ("sendMessage", {"chat_id": 1, "text": 5}, "REQ sendMessage: text: 5 is no String"),
        ("sendMessages", {}, "REQ sendMessages: unknown method"),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "everywhere"}},
            "REQ setMyCommands: scope.type: 'everywhere' is another kind",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"txt": "x"}]]}},
            "REQ sendMessage: reply_markup.inline_keyboard[0][0].text: missing in InlineKeyboardButton",
        ),
    ],
)
async def test_wrong_requests_are_noted(method: str, body: object, fault: str) -> None:
    """Each planned mistake of a bot is a violation."""
    async with TelegramServer(strict=False) as server:
        assert await post(server, method, body) in (400, 404)

    assert fault in server.violations


@needs_description
async def test_wrong_answers_are_noted() -> None:
    """Our own mistakes, in an answer or an update, are violations too."""
    async with TelegramServer(strict=False) as server:
        group = server.group()
        vars(group)["title"] = 5
        await post(server, "getChat", {"chat_id": group.id})
        ann = server.user("ann")
        vars(ann)["name"] = None
        await ann.says(ann.private, "hello")
        await post(server, "getUpdates", {})

    assert "RES getChat: getChat.title: 5 is no String" in server.violations
    assert "UPD : update.message.from.first_name: null where the real API omits the field" in server.violations


async def misuse(then: Exception | None = None) -> None:
    async with TelegramServer() as server:
        await post(server, "getMe", {"colour": 1})
        if then:
            raise then


@needs_description
async def test_strict_server_raises() -> None:
    """A strict server raises after a violation, and hides no error that came first."""
    with pytest.raises(AssertionError, match="colour: unknown parameter"):
        await misuse()
    with pytest.raises(ValueError, match="first"):
        await misuse(ValueError("first"))


async def test_unserved_method_is_loud() -> None:
    """A method that this server lacks is a violation, not a silent success."""
    async with TelegramServer(strict=False) as server:
        assert await post(server, "sendSticker", {"chat_id": 1}) == 404

    assert "RES sendSticker: not served here" in server.violations
