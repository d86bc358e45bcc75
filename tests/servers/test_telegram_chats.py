"""Chats on the localhost Telegram: pins, titles, permissions, administrators, bans that end, channels."""

import pytest
from telegram import Bot, ChatMemberAdministrator, ChatPermissions
from telegram.error import BadRequest, Forbidden

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import PIXEL, bot_of, news, posts

DAY = 24 * 3600


async def test_pins(telegram: TelegramServer, bot: Bot) -> None:
    """A pin is announced, getChat shows the newest, and without a number the newest is removed."""
    group = telegram.group()
    first, second = [await bot.send_message(group.id, text) for text in ("rules", "news")]
    assert await second.pin()
    assert await first.pin()

    told = [one.pinned_message for one in await posts(bot)]
    assert [one and one.message_id for one in told] == [second.message_id, first.message_id]
    assert (await bot.get_chat(group.id)).pinned_message == second
    with pytest.raises(BadRequest, match=r"(?i)chat_not_modified"):
        await first.pin()
    assert await bot.unpin_chat_message(group.id)
    assert (await bot.get_chat(group.id)).pinned_message == first
    await first.delete()
    with pytest.raises(BadRequest, match=r"(?i)message to unpin not found"):
        await first.unpin()
    assert await bot.unpin_all_chat_messages(group.id)


async def test_pinning_takes_a_right_in_groups_only(telegram: TelegramServer, bot: Bot) -> None:
    """In a private chat anything can be pinned."""
    ann, group = telegram.user("ann"), telegram.group()
    await ann.says(ann.private, "/start")
    group.deny("can_pin_messages")

    assert await (await bot.send_message(ann.id, "rules")).pin()
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await (await bot.send_message(group.id, "rules")).pin()


async def test_the_face_of_a_chat(telegram: TelegramServer, bot: Bot) -> None:
    """Title, description and picture are changed, announced and shown."""
    group = telegram.group("Before")
    assert await bot.set_chat_title(group.id, "After")
    assert await bot.set_chat_description(group.id, "We answer")
    assert await bot.set_chat_photo(group.id, PIXEL)

    titled, pictured = await posts(bot)
    assert titled.new_chat_title == "After"
    assert pictured.new_chat_photo
    shown = await bot.get_chat(group.id)
    assert (shown.title, shown.description, shown.photo is not None) == ("After", "We answer", True)
    assert await bot.delete_chat_photo(group.id)
    for step in (bot.delete_chat_photo(group.id), bot.set_chat_description(group.id, "We answer")):
        with pytest.raises(BadRequest, match=r"(?i)not.modified"):
            await step


async def test_permissions_hold_for_ordinary_members(telegram: TelegramServer, bot: Bot) -> None:
    """In a silenced chat only administrators speak."""
    ann, eve, group = telegram.user("ann"), telegram.user("eve"), telegram.group()
    group.add(ann)
    group.add(eve, "creator")
    assert await bot.set_chat_permissions(group.id, ChatPermissions.no_permissions())

    with pytest.raises(PermissionError):
        await ann.says(group, "hello")
    await eve.says(group, "quiet please")
    permissions = (await bot.get_chat(group.id)).permissions
    assert permissions is not None
    assert not permissions.can_send_messages
    await bot.set_chat_permissions(group.id, ChatPermissions.all_permissions())
    await ann.says(group, "hello")


async def test_administrators_are_made_and_unmade(telegram: TelegramServer, bot: Bot) -> None:
    """The bot gives rights it has, and a title to an administrator it promoted, and takes both back."""
    ann, eve, group = telegram.user("ann"), telegram.user("eve"), telegram.group()
    group.add(ann)
    group.add(eve, "administrator")
    assert await bot.promote_chat_member(group.id, ann.id, can_delete_messages=True)
    assert await bot.set_chat_administrator_custom_title(group.id, ann.id, "Guide")

    made = await bot.get_chat_member(group.id, ann.id)
    assert isinstance(made, ChatMemberAdministrator)
    assert (made.can_delete_messages, made.can_restrict_members, made.custom_title) == (True, False, "Guide")
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.set_chat_administrator_custom_title(group.id, eve.id, "Guide")
    with pytest.raises(BadRequest, match=r"(?i)chat_admin_required"):
        await bot.promote_chat_member(group.id, eve.id)
    assert await bot.promote_chat_member(group.id, ann.id)
    assert (await bot.get_chat_member(group.id, ann.id)).status == "member"
    group.deny("can_pin_messages")
    with pytest.raises(BadRequest, match=r"(?i)right_forbidden"):
        await bot.promote_chat_member(group.id, ann.id, can_pin_messages=True)


async def test_bans_and_restrictions_end() -> None:
    """A ban ends by the clock, but never if its end is within thirty seconds; it can delete the messages too."""
    now = [1_800_000_000.0]
    async with TelegramServer(now=lambda: now[0]) as server, bot_of(server) as bot:
        ann, bob, eve, group = server.user("ann"), server.user("bob"), server.user("eve"), server.group()
        for one in (ann, bob, eve):
            group.add(one)
        spam = await ann.says(group, "spam")
        await bot.ban_chat_member(group.id, ann.id, until_date=int(now[0]) + DAY, revoke_messages=True)
        await bot.ban_chat_member(group.id, bob.id, until_date=int(now[0]) + 10)
        await bot.restrict_chat_member(group.id, eve.id, ChatPermissions.no_permissions(), until_date=int(now[0]) + DAY)
        assert spam.is_deleted
        with pytest.raises(PermissionError):
            await eve.says(group, "hello")
        now[0] += DAY + 1

        assert [group.membership(one).status for one in (ann, bob, eve)] == ["left", "kicked", "member"]
        await eve.says(group, "hello")


async def test_a_tag_stands_beside_the_words(telegram: TelegramServer, bot: Bot) -> None:
    """A tagged member's messages carry the tag."""
    ann, group = telegram.user("ann"), telegram.group()
    group.add(ann)
    await news(bot)
    await bot.set_chat_member_tag(group.id, ann.id, "Gold")
    await ann.says(group, "hello")

    (said,) = await posts(bot)
    assert said.sender_tag == "Gold"


async def test_the_bot_leaves(telegram: TelegramServer, bot: Bot) -> None:
    """After it left it cannot write, and it was told so."""
    group = telegram.group()
    await news(bot)
    assert await bot.leave_chat(group.id)

    (told,) = [one.my_chat_member for one in await news(bot, "my_chat_member")]
    assert told is not None
    assert told.new_chat_member.status == "left"
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(group.id, "hello")


async def test_a_channel_speaks_for_itself(telegram: TelegramServer, bot: Bot) -> None:
    """A post has no author, only administrators write, and the bot hears of theirs."""
    ann, eve, channel = telegram.user("ann"), telegram.user("eve"), telegram.group("News", kind="channel")
    channel.add(ann)
    channel.add(eve, "creator")
    sent = await bot.send_message(channel.id, "hello")
    assert (sent.from_user, sent.sender_chat and sent.sender_chat.id) == (None, channel.id)
    await eve.says(channel, "news")

    (told,) = [one.channel_post for one in await news(bot, "channel_post")]
    assert told is not None
    assert told.text == "news"
    with pytest.raises(PermissionError):
        await ann.says(channel, "me too")
