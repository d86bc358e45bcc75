"""The methods for a chat itself: its name, its picture, and its members' permissions."""

from .telegram_account import Account, Methods, refuse
from .telegram_chats import Group
from .telegram_members import PERMISSIONS, Membership
from .telegram_messages import picture_size
from .telegram_updates import Json

METHODS = Methods()


@METHODS.answers("getChat")
def get_chat(account: Account, asked: Json) -> Json:
    chat = account.chat(asked)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    if chat.pinned:
        full["pinned_message"] = chat.pinned[-1].wire(nested=True)
    if isinstance(chat, Group):
        chat.refuse_bot()
        full |= _group(account, chat)
    return {**chat.wire(), **full}


def _group(account: Account, group: Group) -> Json:
    full: Json = {"permissions": {name: name not in group.denied for name in PERMISSIONS}}
    primary = next((link.url for link in group.links.values() if link.is_primary), None)
    if primary and group.membership(account.world.bot).may("can_invite_users"):
        full["invite_link"] = primary
    if group.description:
        full["description"] = group.description
    if group.photo:
        names = ("small_file_id", "small_file_unique_id", "big_file_id", "big_file_unique_id")
        full["photo"] = dict.fromkeys(names, f"chatphoto{group.id}")
    return full


def _changeable(account: Account, asked: Json) -> Group:
    return account.group(asked, "can_change_info", "change chat info")


@METHODS.answers("setChatTitle")
def set_chat_title(account: Account, asked: Json) -> bool:
    group = _changeable(account, asked)
    if not 1 <= len(asked["title"]) <= 128:
        raise refuse("chat title is empty" if not asked["title"] else "chat title is too long")
    group.title = asked["title"]
    return _notice(account, group, {"new_chat_title": group.title})


@METHODS.answers("setChatDescription")
def set_chat_description(account: Account, asked: Json) -> bool:
    group, description = _changeable(account, asked), asked.get("description", "")
    if len(description) > 255:
        raise refuse("chat description is too long")
    if description == group.description:
        raise refuse("chat description is not modified")
    group.description = description
    return True


@METHODS.answers("setChatPhoto")
def set_chat_photo(account: Account, asked: Json) -> bool:
    group, photo = _changeable(account, asked), asked.get("photo")
    size = picture_size(photo) if isinstance(photo, bytes) else None
    if size is None or not isinstance(photo, bytes):
        raise refuse("IMAGE_PROCESS_FAILED")
    group.photo, (width, height) = bytes(photo), size
    shown = {"file_id": f"chatphoto{group.id}", "file_unique_id": f"chatphoto{group.id}"}
    return _notice(account, group, {"new_chat_photo": [{**shown, "width": width, "height": height}]})


@METHODS.answers("deleteChatPhoto")
def delete_chat_photo(account: Account, asked: Json) -> bool:
    group = _changeable(account, asked)
    if group.photo is None:
        raise refuse("CHAT_NOT_MODIFIED")
    group.photo = None
    return _notice(account, group, {"delete_chat_photo": True})


def _notice(account: Account, group: Group, service: Json) -> bool:
    world = account.world
    world.tell("message", world.post(group, world.bot, service=service))
    return True


@METHODS.answers("setChatPermissions")
def set_chat_permissions(account: Account, asked: Json) -> bool:
    group = account.group(asked, "can_restrict_members", "change chat permissions")
    group.denied = frozenset(name for name in PERMISSIONS if not asked["permissions"].get(name))
    return True


@METHODS.answers("leaveChat")
def leave_chat(account: Account, asked: Json) -> bool:
    group = account.group(asked)
    group.change(account.world.bot, Membership())
    return True
