"""The methods for the bot's own account: its commands, names, buttons and default rights."""

import re
from functools import partial

from .telegram_account import Account, Methods, refuse
from .telegram_members import RIGHTS
from .telegram_updates import Json

SCOPES = frozenset(
    {
        *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
        *("chat", "chat_administrators", "chat_member"),
    }
)
#: The texts about the bot, and how long each may be.
TEXTS = {"Name": 64, "Description": 512, "ShortDescription": 120}
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


def _set_text(account: Account, asked: Json, *, about: str, field: str, limit: int) -> bool:
    if len(asked.get(field, "")) > limit:
        raise refuse(f"{field.replace('_', ' ')} is too long")
    account.descriptions[f"setMy{about}", asked.get("language_code", "")] = asked.get(field, "")
    return True


def _get_text(account: Account, asked: Json, *, about: str, field: str) -> Json:
    fallback = account.world.bot.name if about == "Name" else ""
    return {field: account.descriptions.get((f"setMy{about}", asked.get("language_code", "")), "") or fallback}


for _about, _limit in TEXTS.items():
    _field = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", _about).lower()
    METHODS[f"setmy{_about}".lower()] = partial(_set_text, about=_about, field=_field, limit=_limit)
    METHODS[f"getmy{_about}".lower()] = partial(_get_text, about=_about, field=_field)


@METHODS.answers("setChatMenuButton")
def set_chat_menu_button(account: Account, asked: Json) -> bool:
    """Without a chat it is the button of every private chat without its own."""
    if "chat_id" in asked and account.chat(asked).type != "private":
        raise refuse("chat not found")
    account.menu_buttons[asked.get("chat_id", 0)] = asked.get("menu_button", {"type": "default"})
    return True


@METHODS.answers("getChatMenuButton")
def get_chat_menu_button(account: Account, asked: Json) -> Json:
    common = account.menu_buttons.get(0, {"type": "commands"})
    return account.menu_buttons.get(asked.get("chat_id", 0), common)


@METHODS.answers("setMyDefaultAdministratorRights")
def set_my_default_administrator_rights(account: Account, asked: Json) -> bool:
    rights = asked.get("rights", {})
    account.default_rights[asked.get("for_channels", False)] = frozenset(name for name in rights if rights[name])
    return True


@METHODS.answers("getMyDefaultAdministratorRights")
def get_my_default_administrator_rights(account: Account, asked: Json) -> Json:
    for_channels = asked.get("for_channels", False)
    given = account.default_rights.get(for_channels, frozenset())
    elsewhere = {"can_pin_messages", "can_manage_topics", "can_manage_tags"} if for_channels else set()
    own = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages") if for_channels else ()
    shown = [name for name in (*RIGHTS, *own) if name not in elsewhere]
    return {"is_anonymous": False, **{name: name in given for name in shown}}


@METHODS.answers("getUserProfilePhotos")
def get_user_profile_photos(account: Account, asked: Json) -> Json:
    """Nobody here has a picture."""
    account.person(asked)
    return {"total_count": 0, "photos": []}
