"""The methods about messages, buttons and commands; those about members are in telegram_moderation."""

import re

from .spec_telegram import Upload
from .telegram_account import Account, Methods, markup_of, refuse
from .telegram_messages import picture_size
from .telegram_updates import Json
from .telegram_world import Group, Message, Private

REACTIONS = frozenset("👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳💯🤣⚡🏆💔🤨😐👀🤝✍🤗🫡🆒😎")
SCOPES = frozenset(
    {
        *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
        *("chat", "chat_administrators", "chat_member"),
    }
)

METHODS = Methods()


@METHODS.answers("getMe")
def get_me(account: Account, _: Json) -> Json:
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    more = ("can_connect_to_business", "has_main_web_app", "has_topics_enabled", "allows_users_to_create_topics")
    return {**account.world.bot.wire(), **abilities, **dict.fromkeys((*more, "can_manage_bots"), False)}


@METHODS.answers("setMyCommands")
def set_my_commands(account: Account, asked: Json) -> bool:
    commands = asked.get("commands", [])
    if len(commands) > 100:
        raise refuse("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise refuse("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    account.commands[_scope(account, asked)] = {one["command"]: one["description"] for one in commands}
    return True


@METHODS.answers("getMyCommands")
def get_my_commands(account: Account, asked: Json) -> list[Json]:
    known = account.commands.get(_scope(account, asked), {})
    return [{"command": name, "description": description} for name, description in known.items()]


@METHODS.answers("deleteMyCommands")
def delete_my_commands(account: Account, asked: Json) -> bool:
    account.commands.pop(_scope(account, asked), None)
    return True


def _scope(account: Account, asked: Json) -> tuple[str, str]:
    scope = asked.get("scope", {"type": "default"})
    if scope.get("type") not in SCOPES:
        raise refuse("can't parse BotCommandScope: Unsupported type specified")
    if "chat_id" in scope:
        account.chat(scope)
    language = asked.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise refuse("invalid language code specified")
    return ":".join(str(scope[name]) for name in ("type", "chat_id", "user_id") if name in scope), language


@METHODS.answers("setMyDescription")
def set_my_description(account: Account, asked: Json) -> bool:
    account.descriptions["setMyDescription", asked.get("language_code", "")] = asked.get("description", "")
    return True


@METHODS.answers("setMyShortDescription")
def set_my_short_description(account: Account, asked: Json) -> bool:
    account.descriptions["setMyShortDescription", asked.get("language_code", "")] = asked.get("short_description", "")
    return True


@METHODS.answers("sendMessage")
def send_message(account: Account, asked: Json) -> Json:
    account.open_chat(asked)
    content = account.read(asked, "text", 4096)
    if not content["text"]:
        raise refuse("message text is empty")
    return account.send(asked, content)


@METHODS.answers("sendPhoto")
def send_photo(account: Account, asked: Json) -> Json:
    photo = asked.get("photo")
    if isinstance(photo, str):
        photo = account.world.file(photo)
        if photo is None:
            raise refuse("wrong file identifier/HTTP URL specified")
    if not photo:
        raise refuse("there is no photo in the request")
    if picture_size(photo) is None:
        raise refuse("IMAGE_PROCESS_FAILED")
    return account.send(asked, {**account.read(asked, "caption", 1024), "photo": bytes(photo)})


@METHODS.answers("sendDocument")
def send_document(account: Account, asked: Json) -> Json:
    document = asked.get("document")
    if not isinstance(document, Upload) or not document:
        raise refuse("there is no document in the request")
    return account.send(asked, {**account.read(asked, "caption", 1024), "document": (document.name, bytes(document))})


@METHODS.answers("getFile")
def get_file(account: Account, asked: Json) -> Json:
    """Its path is its id: the server's file address looks it up again."""
    name = asked.get("file_id", "")
    content = account.world.file(name)
    if content is None:
        raise refuse("wrong file_id or the file is temporarily unavailable")
    return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": name}


@METHODS.answers("sendChatAction")
def send_chat_action(account: Account, asked: Json) -> bool:
    account.open_chat(asked)
    if asked.get("action") not in ("typing", "upload_photo", "upload_document"):
        raise refuse("wrong parameter action in request")
    return True


@METHODS.answers("editMessageText")
def edit_message_text(account: Account, asked: Json) -> Json:
    message = account.own_message(asked)
    content = account.read(asked, "text", 4096)
    if not content["text"]:
        raise refuse("message text is empty")
    if message.photo is not None or message.document is not None:
        raise refuse("there is no text in the message to edit")
    return _edit(account, message, content, markup_of(asked))


@METHODS.answers("editMessageReplyMarkup")
def edit_message_reply_markup(account: Account, asked: Json) -> Json:
    message = account.own_message(asked)
    same = {"text": message.text, "html": message.html, "entities": message.entities}
    return _edit(account, message, same, markup_of(asked))


def _edit(account: Account, message: Message, content: Json, markup: Json) -> Json:
    if (message.text, message.entities, message.markup) == (content["text"], content["entities"], markup):
        same = (
            "specified new message content and reply markup are exactly the same as a current content and reply markup"
        )
        raise refuse(f"message is not modified: {same} of the message")
    message.text, message.html, message.entities = content["text"], content["html"], content["entities"]
    message.markup, message.edit_date = markup, account.world.now()
    return message.wire()


@METHODS.answers("deleteMessage")
def delete_message(account: Account, asked: Json) -> bool:
    chat = account.open_chat(asked)
    message = chat.message(asked.get("message_id", 0))
    if message is None:
        raise refuse("message to delete not found")
    bot = account.world.bot
    rules = isinstance(chat, Private) or (isinstance(chat, Group) and chat.membership(bot).may("can_delete_messages"))
    if message.sender is not bot and not rules:
        raise refuse("message can't be deleted")
    message.is_deleted = True
    return True


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
