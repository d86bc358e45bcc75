"""The methods that pin messages in a chat, and unpin them."""

from .telegram_account import Account, Methods, refuse
from .telegram_chats import Chat, Group
from .telegram_updates import Json

METHODS = Methods()


@METHODS.answers("pinChatMessage")
def pin_chat_message(account: Account, asked: Json) -> bool:
    chat = _pinnable(account, asked)
    message = chat.message(asked["message_id"])
    if message is None or message.service:
        raise refuse("message to pin not found")
    if message in chat.pins:
        raise refuse("CHAT_NOT_MODIFIED")
    chat.pins.append(message)
    notice = account.world.post(chat, account.world.bot, service={"pinned_message": message.wire(nested=True)})
    account.world.tell("message", notice)
    return True


@METHODS.answers("unpinChatMessage")
def unpin_chat_message(account: Account, asked: Json) -> bool:
    """Without a message the newest one is unpinned."""
    chat = _pinnable(account, asked)
    wanted = [one for one in chat.pinned if asked.get("message_id", one.id) == one.id]
    if not wanted:
        raise refuse("message to unpin not found")
    chat.pins.remove(wanted[-1])
    return True


@METHODS.answers("unpinAllChatMessages")
def unpin_all_chat_messages(account: Account, asked: Json) -> bool:
    _pinnable(account, asked).pins.clear()
    return True


@METHODS.answers("unpinAllForumTopicMessages")
def unpin_all_forum_topic_messages(account: Account, asked: Json) -> bool:
    group = account.group(asked, "can_pin_messages", "manage pinned messages in the chat")
    topic = account.topic(group, asked["message_thread_id"])
    group.pins = [one for one in group.pins if one.topic is not topic]
    return True


@METHODS.answers("unpinAllGeneralForumTopicMessages")
def unpin_all_general_forum_topic_messages(account: Account, asked: Json) -> bool:
    group = account.group(asked, "can_pin_messages", "manage pinned messages in the chat")
    group.pins = [one for one in group.pins if one.topic]
    return True


def _pinnable(account: Account, asked: Json) -> Chat:
    chat = account.open_chat(asked)
    if isinstance(chat, Group):
        right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
        account.group(asked, right, "manage pinned messages in the chat")
    return chat
