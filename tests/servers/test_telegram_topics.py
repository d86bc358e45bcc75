"""Topics on the localhost Telegram: opened, renamed, closed, reopened and deleted, with the general one."""

from collections.abc import Awaitable, Callable

import pytest
from telegram import Bot, Message
from telegram.error import BadRequest

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import posts


async def test_the_life_of_a_topic(telegram: TelegramServer, bot: Bot) -> None:
    """Each step of a topic leaves a notice in it, which the bot gets too."""
    group = telegram.group(forum=True)
    made = await bot.create_forum_topic(group.id, "answers", icon_color=0xFFD67E)
    key = made.message_thread_id
    icon = (await bot.get_forum_topic_icon_stickers())[0].custom_emoji_id
    assert await bot.edit_forum_topic(group.id, key, name="solved", icon_custom_emoji_id=icon)
    assert await bot.close_forum_topic(group.id, key)
    assert await bot.reopen_forum_topic(group.id, key)

    told = await posts(bot)
    assert told[0].forum_topic_created is not None
    assert told[0].forum_topic_created.icon_color == 0xFFD67E
    assert told[1].forum_topic_edited is not None
    assert told[1].forum_topic_edited.name == "solved"
    assert told[2].forum_topic_closed
    assert told[3].forum_topic_reopened
    assert {one.message_thread_id for one in told} == {key}
    assert group.topics[key].name == "solved"


async def test_a_deleted_topic_takes_its_messages_along(telegram: TelegramServer, bot: Bot) -> None:
    """Its messages are gone, messages elsewhere stay, and nothing can be said in it."""
    ann, group = telegram.user("ann"), telegram.group(forum=True)
    group.add(ann)
    topic = group.topic("help")
    await ann.says(group, "inside", topic=topic)
    await ann.says(group, "outside")

    assert await bot.delete_forum_topic(group.id, topic.id)

    assert [one.text for one in group.messages if not one.is_deleted and one.text] == ["outside"]
    with pytest.raises(BadRequest, match=r"(?i)thread not found"):
        await bot.send_message(group.id, "hello", message_thread_id=topic.id)
    with pytest.raises(BadRequest, match=r"(?i)topic_id_invalid"):
        await bot.delete_forum_topic(group.id, topic.id)


async def test_a_closed_topic_is_for_administrators(telegram: TelegramServer, bot: Bot) -> None:
    """A bot without the right to manage topics cannot write in a closed one."""
    group = telegram.group(forum=True)
    topic = group.topic("help")
    await bot.close_forum_topic(group.id, topic.id)
    group.deny("can_manage_topics")

    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(group.id, "hello", message_thread_id=topic.id)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights"):
        await bot.reopen_forum_topic(group.id, topic.id)


Step = Callable[[Bot, int], Awaitable[bool]]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (lambda bot, chat: bot.edit_general_forum_topic(chat, "hall"), "forum_topic_edited"),
        (lambda bot, chat: bot.close_general_forum_topic(chat), "forum_topic_closed"),
        (lambda bot, chat: bot.hide_general_forum_topic(chat), "general_forum_topic_hidden"),
    ],
)
async def test_the_general_topic(telegram: TelegramServer, bot: Bot, step: Step, field: str) -> None:
    """A step is announced once, and refused when nothing would change."""
    group = telegram.group(forum=True)
    assert await step(bot, group.id)

    (told,) = await posts(bot)
    assert getattr(told, field) is not None
    with pytest.raises(BadRequest, match=r"(?i)topic_not_modified"):
        await step(bot, group.id)


async def test_the_general_topic_comes_back(telegram: TelegramServer, bot: Bot) -> None:
    """A closed or hidden one is opened and shown again."""
    group = telegram.group(forum=True)
    await bot.close_general_forum_topic(group.id)
    await bot.hide_general_forum_topic(group.id)

    assert await bot.reopen_general_forum_topic(group.id)
    assert await bot.unhide_general_forum_topic(group.id)

    assert (group.general.is_closed, group.general.is_hidden) == (False, False)


async def test_pins_are_cleared_by_topic(telegram: TelegramServer, bot: Bot) -> None:
    """The pins of one topic are removed, and the others stay."""
    group = telegram.group(forum=True)
    topic = group.topic("help")
    kept: list[Message] = []
    for thread in (None, topic.id):
        sent = await bot.send_message(group.id, "pin me", message_thread_id=thread)
        await sent.pin()
        kept.append(sent)
    assert len(group.pinned) == 2

    await bot.unpin_all_forum_topic_messages(group.id, topic.id)
    assert [one.id for one in group.pinned] == [kept[0].message_id]
    await bot.unpin_all_general_forum_topic_messages(group.id)
    assert group.pinned == []


async def test_only_a_forum_has_topics(telegram: TelegramServer, bot: Bot) -> None:
    """A group that is no forum refuses them, and a topic needs a name."""
    with pytest.raises(BadRequest, match=r"(?i)not a forum"):
        await bot.create_forum_topic(telegram.group().id, "answers")
    with pytest.raises(BadRequest, match=r"(?i)topic_title_empty"):
        await bot.create_forum_topic(telegram.group(forum=True).id, "x" * 129)
