"""Reads the text grammar in Telegram's form: our commands, mentions as people, answers that complete a line."""

from collections.abc import Sequence

from telegram import Chat, Message, MessageEntity, User

from adapters.telegram.people import author, message_cause, person
from bot.kit.invocation import Line
from bot.kit.references import Message as Pointed
from bot.kit.references import Person, Picture, Upload


def command(message: Message, words: frozenset[str], me: User | None) -> Line | None:
    """A command meant for us; another word after a slash is meant for another bot."""
    name, _, addressee = word(message).partition("@")
    private = message.chat.type == Chat.PRIVATE
    ours = me is not None and addressee.casefold() == (me.username or "").casefold()
    if (addressee and not ours) or not (ours or private or name.lower() in words):
        return None
    rest = _pieces(message, skip=len(word(message)) + 1)
    if private and name == "start" and "start" not in words:
        if "help" not in words:
            return None
        name, rest = "help", ()
    replied = replied_to(message)
    return Line(
        pieces=_joined(f"/{name}", rest),
        replied=_shown(replied) if replied else None,
        picture=picture(message),
        file=_file(message) or (_file(replied) if replied else None),
    )


def continuation(message: Message, so_far: str) -> Line:
    """The line that we asked them to complete, with their answer added."""
    return Line(pieces=_joined(f"{so_far} ", _pieces(message)), picture=picture(message), file=_file(message))


def worded(message: Message) -> str:
    """The text with code in backticks, as on every platform, because Telegram tells code beside the text."""
    text, pieces, at = message.text or message.caption or "", list[str](), 0
    for entity in message.entities or message.caption_entities:
        if entity.type in (MessageEntity.PRE, MessageEntity.CODE) and entity.offset >= at:
            end = entity.offset + entity.length
            pieces += [_cut(text, at, entity.offset), _fenced(_cut(text, entity.offset, end), entity)]
            at = end
    return "".join([*pieces, _cut(text, at)])


def _fenced(code: str, entity: MessageEntity) -> str:
    return f"`{code}`" if entity.type == MessageEntity.CODE else f"```{entity.language or ''}\n{code}\n```"


def replied_to(message: Message) -> Message | None:
    """The message it answers; in a topic, the topic's opening does not count, since every message names it."""
    replied = message.reply_to_message
    if replied and message.is_topic_message and replied.message_id == message.message_thread_id:
        return None
    return replied


def word(message: Message) -> str:
    """The command a message begins with, without its slash: `points`, or `points@hearth_bot`."""
    text, entities = message.text or message.caption or "", message.entities or message.caption_entities
    first = entities[0] if entities else None
    is_command = first and first.type == MessageEntity.BOT_COMMAND and first.offset == 0
    return text[1 : first.length] if first and is_command else ""


def _shown(message: Message) -> Pointed:
    cause = message_cause(message.chat.id, message.message_id)
    return Pointed(cause, author(message), worded(message), pictured=picture(message) is not None)


def _pieces(message: Message, skip: int = 0) -> Sequence[str | Person]:
    """The text from there on, with mentions by name as members; entities count in UTF-16 units."""
    text, entities = message.text or message.caption or "", message.entities or message.caption_entities
    pieces: list[str | Person] = []
    for entity in entities:
        if entity.type == MessageEntity.TEXT_MENTION and entity.user:
            pieces += [_cut(text, skip, entity.offset), person(entity.user)]
            skip = entity.offset + entity.length
    return [piece for piece in (*pieces, _cut(text, skip)) if piece]


def _joined(begin: str, rest: Sequence[str | Person]) -> Sequence[str | Person]:
    if rest and isinstance(rest[0], str):
        return (begin + rest[0], *rest[1:])
    return (begin, *rest)


def _cut(text: str, start: int, end: int | None = None) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    return units[start * 2 : None if end is None else end * 2].decode("utf-16-le", "surrogatepass")


def _file(message: Message) -> Upload | None:
    file = message.document
    return Upload(file.file_id, file.file_name or "file", file.file_size or 0) if file else None


def picture(message: Message) -> Picture | None:
    if message.photo:
        largest = message.photo[-1]
        return Picture(largest.file_id, "photo.jpg", largest.file_size or 0)
    file = message.document
    if file and (file.mime_type or "").startswith("image/"):
        return Picture(file.file_id, file.file_name or "image", file.file_size or 0)
    return None
