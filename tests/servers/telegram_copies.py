"""The methods that show a message again elsewhere, with or without its author."""

from .telegram_account import Account, Methods, refuse
from .telegram_messages import Message
from .telegram_updates import Json

#: Fields about one message, not about its content.
ITS_OWN = ("has_protected_content", "forward_origin", "media_group_id")
METHODS = Methods()


@METHODS.answers("forwardMessage")
def forward_message(account: Account, asked: Json) -> Json:
    return _forwarded(account, asked, _original(account, asked, asked["message_id"], "forward")).wire()


@METHODS.answers("forwardMessages")
def forward_messages(account: Account, asked: Json) -> list[Json]:
    return [{"message_id": _forwarded(account, asked, one).id} for one in _originals(account, asked, "forward")]


@METHODS.answers("copyMessage")
def copy_message(account: Account, asked: Json) -> Json:
    original = _original(account, asked, asked["message_id"], "copy")
    content = _content(original)
    if "caption" in asked and original.is_captioned:
        content |= account.read(asked, "caption", 1024)
    return {"message_id": account.post(asked, content).id}


@METHODS.answers("copyMessages")
def copy_messages(account: Account, asked: Json) -> list[Json]:
    originals = _originals(account, asked, "copy")
    bare = {"text": "", "html": "", "entities": []} if asked.get("remove_caption") else {}
    contents = [_content(one) | (bare if one.is_captioned else {}) for one in originals]
    return [{"message_id": account.post(asked, content).id} for content in contents]


def _original(account: Account, asked: Json, number: int, deed: str) -> Message:
    message = account.open_chat({"chat_id": asked["from_chat_id"]}).message(number)
    if message is None:
        raise refuse(f"message to {deed} not found")
    if message.is_protected or message.service:
        raise refuse(f"message can't be {'copied' if deed == 'copy' else 'forwarded'}")
    return message


def _originals(account: Account, asked: Json, deed: str) -> list[Message]:
    """Telegram silently skips what it cannot find."""
    numbers = asked["message_ids"]
    if not 1 <= len(numbers) <= 100:
        raise refuse("message identifiers are not specified" if not numbers else "too many messages to process")
    if numbers != sorted(set(numbers)):
        raise refuse("message identifiers must be in a strictly increasing order")
    chat = account.open_chat({"chat_id": asked["from_chat_id"]})
    found = [message for number in numbers if (message := chat.message(number)) is not None]
    kept = [message for message in found if not (message.is_protected or message.service)]
    if not kept:
        raise refuse(f"there are no messages to {deed}")
    return kept


def _content(original: Message) -> Json:
    names = ("text", "html", "entities", "photo", "document", "clip", "poll", "invoice")
    kept = {
        name: value for name, value in original.facts.items() if name not in ("has_protected_content", "forward_origin")
    }
    return {**{name: getattr(original, name) for name in names}, "facts": kept}


def _forwarded(account: Account, asked: Json, original: Message) -> Message:
    content = _content(original)
    first = {"type": "user", "sender_user": original.sender.wire(), "date": original.date}
    content["facts"] |= {"forward_origin": original.facts.get("forward_origin", first)}
    if original.chat.type == "channel":
        seen = {"type": "channel", "chat": original.chat.wire(), "message_id": original.id, "date": original.date}
        content["facts"]["forward_origin"] = seen
    return account.post(asked, content)
