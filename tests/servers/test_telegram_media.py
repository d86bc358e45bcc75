"""Pictures, documents, albums and copies on the localhost Telegram: sent, fetched, captioned, replaced, forwarded."""

import pytest
from telegram import Bot, InputMediaPhoto, Message, MessageOriginUser, PhotoSize
from telegram.error import BadRequest

from tests.servers.telegram import TelegramServer
from tests.servers.telegram_client import PIXEL, keyboard

LARGER = PIXEL.replace(b"\x00\x00\x00\x02\x00\x00\x00\x03", b"\x00\x00\x00\x09\x00\x00\x00\x09")


async def content(shown: PhotoSize) -> bytes:
    return bytes(await (await shown.get_file()).download_as_bytearray())


async def test_a_picture_is_captioned_and_replaced(telegram: TelegramServer, bot: Bot) -> None:
    """Caption, buttons and picture change one by one, and the picture can be fetched."""
    group = telegram.group()
    sent = await bot.send_photo(group.id, PIXEL, caption="Rank")
    captioned = await sent.edit_caption("<b>Your</b> rank", parse_mode="HTML", reply_markup=keyboard(("More", "m")))
    replaced = await sent.edit_media(InputMediaPhoto(LARGER, caption="Month"))

    assert isinstance(captioned, Message)
    assert isinstance(replaced, Message)
    assert (captioned.caption, group.messages[0].labels) == ("Your rank", [])
    assert (replaced.caption, replaced.photo[-1].width) == ("Month", 9)
    assert await content(replaced.photo[-1]) == LARGER
    with pytest.raises(BadRequest, match=r"(?i)no text in the message"):
        await sent.edit_text("words")
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await replaced.edit_caption("Month")


async def test_words_have_no_caption(telegram: TelegramServer, bot: Bot) -> None:
    """A message of text only has no caption to edit."""
    sent = await bot.send_message(telegram.group().id, "words")

    with pytest.raises(BadRequest, match=r"(?i)no caption in the message"):
        await sent.edit_caption("more words")


async def test_what_was_sent_is_sent_again_by_its_id(telegram: TelegramServer, bot: Bot) -> None:
    """A file on the server needs no second upload."""
    group = telegram.group()
    document = (await bot.send_document(group.id, b"a,b", filename="points.csv")).document
    assert document is not None
    again = (await bot.send_document(group.id, document.file_id)).document
    assert again is not None

    assert (again.file_name, again.mime_type) == ("points.csv", "text/csv")
    assert group.messages[-1].document == ("points.csv", b"a,b")
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.send_document(group.id, "unknown")


async def test_an_album_holds_together(telegram: TelegramServer, bot: Bot) -> None:
    """The parts of an album share a group and keep their captions; a single one is refused."""
    group = telegram.group()
    first, second = await bot.send_media_group(
        group.id, [InputMediaPhoto(PIXEL, caption="one"), InputMediaPhoto(LARGER)]
    )

    assert first.media_group_id == second.media_group_id
    assert [one.text for one in group.messages] == ["one", ""]
    assert [one.photo for one in group.messages] == [PIXEL, LARGER]
    with pytest.raises(BadRequest, match=r"(?i)from 2 to 10"):
        await bot.send_media_group(group.id, [InputMediaPhoto(PIXEL)])


@pytest.mark.parametrize("kind", ["voice", "audio", "video", "animation"])
async def test_clips(telegram: TelegramServer, bot: Bot, kind: str) -> None:
    """Audio and video carry their kind, and can be fetched."""
    ann = telegram.user("ann")
    await ann.says(ann.private, "/start")
    sent = await getattr(bot, f"send_{kind}")(ann.id, b"content", caption="Listen")

    file = await getattr(sent, kind).get_file()
    assert bytes(await file.download_as_bytearray()) == b"content"
    assert sent.caption == "Listen"


async def test_a_forward_names_its_author_and_a_copy_does_not(telegram: TelegramServer, bot: Bot) -> None:
    """A forwarded message names its author, a copied one is the bot's own."""
    ann, group = telegram.user("ann"), telegram.group()
    group.add(ann)
    asked = await ann.says(group, "How do I pay tax?")
    forwarded = await bot.forward_message(group.id, group.id, asked.id)
    copied = await bot.copy_message(group.id, group.id, asked.id, reply_markup=keyboard(("Answer", "a")))

    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == ann.id
    copy = group.message(copied.message_id)
    assert copy is not None
    assert (copy.text, copy.sender, copy.facts, copy.labels) == (asked.text, telegram.bot, {}, ["Answer"])


async def test_many_are_forwarded_and_copied(telegram: TelegramServer, bot: Bot) -> None:
    """Missing messages are silently left out; captions are dropped on request."""
    group = telegram.group()
    words = await bot.send_message(group.id, "words")
    picture = await bot.send_photo(group.id, PIXEL, caption="Rank")
    numbers = [words.message_id, picture.message_id, 99]

    assert len(await bot.forward_messages(group.id, group.id, numbers)) == 2
    copied = await bot.copy_messages(group.id, group.id, numbers, remove_caption=True)

    assert [one.text for one in group.messages[-2:]] == ["words", ""]
    assert len(copied) == 2
    with pytest.raises(BadRequest, match=r"(?i)strictly increasing"):
        await bot.copy_messages(group.id, group.id, numbers[::-1])
    with pytest.raises(BadRequest, match=r"(?i)no messages to forward"):
        await bot.forward_messages(group.id, group.id, [99])


async def test_a_copied_caption_can_be_another(telegram: TelegramServer, bot: Bot) -> None:
    """A copy of a picture may have another caption."""
    group = telegram.group()
    picture = await bot.send_photo(group.id, PIXEL, caption="Rank")

    await picture.copy(group.id, caption="Best of the month")

    assert (group.messages[-1].text, group.messages[-1].photo) == ("Best of the month", PIXEL)


async def test_what_is_protected_stays_where_it_is(telegram: TelegramServer, bot: Bot) -> None:
    """Protected content is neither forwarded nor copied."""
    sent = await bot.send_message(telegram.group().id, "between us", protect_content=True)

    assert sent.has_protected_content
    for step in (sent.forward, sent.copy):
        with pytest.raises(BadRequest, match=r"(?i)message can't be"):
            await step(sent.chat_id)


async def test_many_messages_are_deleted_at_once(telegram: TelegramServer, bot: Bot) -> None:
    """Messages that are gone already do no harm."""
    group = telegram.group()
    first, second = [await bot.send_message(group.id, text) for text in ("one", "two")]

    assert await bot.delete_messages(group.id, [first.message_id, second.message_id, 99])

    assert all(one.is_deleted for one in group.messages)


async def test_places_contacts_and_dice(telegram: TelegramServer, bot: Bot) -> None:
    """Other kinds of content arrive with their kind."""
    group = telegram.group()
    place = await bot.send_location(group.id, 52.5, 13.4)
    venue = await bot.send_venue(group.id, 52.5, 13.4, "Library", "Street 1")
    contact = await bot.send_contact(group.id, "+4930", "ann")
    dice = await bot.send_dice(group.id, emoji="🎯")

    assert place.location is not None
    assert place.location.latitude == 52.5
    assert venue.venue is not None
    assert venue.venue.title == "Library"
    assert contact.contact is not None
    assert contact.contact.first_name == "ann"
    assert dice.dice is not None
    assert dice.dice.value in range(1, 7)
    with pytest.raises(BadRequest, match=r"(?i)dice_emoji_invalid"):
        await bot.send_dice(group.id, emoji="🐍")
