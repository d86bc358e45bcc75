"""The methods for text, buttons and reactions; other files have those for files, members and the bot's account."""

from .telegram_account import Account, Methods, facts_of, markup_of, refuse
from .telegram_updates import Json
from .telegram_world import Group, Message, Private

REACTIONS = frozenset("👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳💯🤣⚡🏆💔🤨😐👀🤝✍🤗🫡🆒😎")
ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
        *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    }
)

METHODS = Methods()


@METHODS.answers("sendMessage")
def send_message(account: Account, asked: Json) -> Json:
    account.open_chat(asked)
    content = account.read(asked, "text", 4096)
    if not content["text"]:
        raise refuse("message text is empty")
    return account.send(asked, content)


@METHODS.answers("sendChatAction")
def send_chat_action(account: Account, asked: Json) -> bool:
    account.open_chat(asked)
    if asked.get("action") not in ACTIONS:
        raise refuse("wrong parameter action in request")
    return True


@METHODS.answers("editMessageText")
def edit_message_text(account: Account, asked: Json) -> Json:
    message = account.own_message(asked)
    content = account.read(asked, "text", 4096)
    if not content["text"]:
        raise refuse("message text is empty")
    if message.is_captioned or message.poll or message.invoice:
        raise refuse("there is no text in the message to edit")
    message.facts |= facts_of(asked)
    return account.edit(message, content, markup_of(asked))


@METHODS.answers("editMessageReplyMarkup")
def edit_message_reply_markup(account: Account, asked: Json) -> Json:
    message = account.own_message(asked)
    same = {"text": message.text, "html": message.html, "entities": message.entities}
    return account.edit(message, same, markup_of(asked))


@METHODS.answers("deleteMessage")
def delete_message(account: Account, asked: Json) -> bool:
    chat = account.open_chat(asked)
    message = chat.message(asked.get("message_id", 0))
    if message is None:
        raise refuse("message to delete not found")
    _delete(account, message)
    return True


@METHODS.answers("deleteMessages")
def delete_messages(account: Account, asked: Json) -> bool:
    """A message that does not exist is skipped."""
    chat, numbers = account.open_chat(asked), asked["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise refuse("message identifiers are not specified" if not numbers else "too many messages to delete")
    for number in numbers:
        if message := chat.message(number):
            _delete(account, message)
    return True


def _delete(account: Account, message: Message) -> None:
    chat, bot = message.chat, account.world.bot
    rules = isinstance(chat, Private) or (isinstance(chat, Group) and chat.membership(bot).may("can_delete_messages"))
    if message.sender is not bot and not rules:
        raise refuse("message can't be deleted")
    message.is_deleted = True


@METHODS.answers("answerCallbackQuery")
def answer_callback_query(account: Account, asked: Json) -> bool:
    press = account.world.presses.get(asked.get("callback_query_id", ""))
    if press is None:
        raise refuse("query is too old and response timeout expired or query ID is invalid")
    if len(asked.get("text", "")) > 200:
        raise refuse("MESSAGE_TOO_LONG")
    press.text, press.url = asked.get("text", ""), asked.get("url", "")
    press.show_alert, press.is_answered = asked.get("show_alert", False), True
    return True


@METHODS.answers("setMessageReaction")
def set_message_reaction(account: Account, asked: Json) -> bool:
    message = account.open_chat(asked).message(asked.get("message_id", 0))
    if message is None:
        raise refuse("message to react not found")
    chosen = [one.get("emoji", "") for one in asked.get("reaction", [])]
    if not REACTIONS.issuperset(chosen):
        raise refuse("REACTION_INVALID")
    if len(chosen) > 1:
        raise refuse("REACTIONS_TOO_MANY")
    message.reactions[account.world.bot.id] = chosen
    return True
