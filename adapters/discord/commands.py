"""Turns declared commands into Discord's payloads, and registers them in one bulk overwrite if they changed."""

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

import discord
import orjson
from discord.http import HTTPClient

from adapters.discord.replies import Payload, cut
from bot.core.core import Core
from bot.kit import Access
from bot.kit.capability import Command, House
from bot.kit.options import Kind, Option, choice_path
from bot.kit.texts import DEFAULT, Catalogue

#: the key under which we remember what was last registered
REGISTERED = "discord:commands"
SUB_COMMAND, STRING, INTEGER = 1, 3, 4
#: the type of a command in a message's menu
ON_MESSAGE = 3
TYPES = {
    Kind.TEXT: STRING,
    Kind.WHOLE: INTEGER,
    Kind.YES_NO: 5,
    Kind.CHOICE: STRING,
    Kind.DURATION: STRING,
    Kind.ZONE: STRING,
    Kind.MEMBER: 6,
    Kind.ROLE: 8,
    Kind.PLACE: 7,
    Kind.IMAGE: 11,
    Kind.FILE: 11,
}
IN_GUILDS, IN_DMS = 0, 1
MANAGE_GUILD = str(discord.Permissions(manage_guild=True).value)
#: kinds of options that are handed in, not typed
HANDED = (Kind.IMAGE, Kind.FILE)
ABOUT, LABEL, AT_MOST, LONGEST_TEXT, LARGEST, LONGEST_NAME = 100, 100, 25, 6000, 2**53, 32
TAGS = tuple(locale.value for locale in discord.Locale)
_NAME = re.compile(r"[-_'\w]{1,32}")


class Menu(NamedTuple):
    command: Command
    #: the option that takes the message
    option: Option


async def sync(http: HTTPClient, application_id: int, core: Core) -> bool:
    """Register the commands if they changed; return whether they did. Discord allows 200 new commands a day."""
    wanted = payloads(core.house, core.catalogue)
    digest = hashlib.sha256(orjson.dumps(wanted, option=orjson.OPT_SORT_KEYS)).hexdigest()
    mark = f"{application_id}:{digest}"
    if await core.recall(REGISTERED) == mark:
        return False
    await http.bulk_upsert_global_commands(application_id, wanted)
    await core.remember(REGISTERED, mark)
    return True


def payloads(house: House, catalogue: Catalogue) -> list[Payload]:
    roots: dict[str, list[Command]] = {}
    for command in house.commands.values():
        roots.setdefault(command.name.split()[0], []).append(command)
    found = [_root(name, commands, catalogue) for name, commands in sorted(roots.items())]
    return found + [_menu(name, menu.command, catalogue) for name, menu in sorted(menus(house, catalogue).items())]


def menus(house: House, catalogue: Catalogue) -> dict[str, Menu]:
    """The commands in a message's menu, by their name there; Discord tells it in the default language."""
    return {
        catalogue.option(DEFAULT, f"{command.path}.menu") or command.name: Menu(command, option)
        for command in house.commands.values()
        for option in command.options
        if option.kind is Kind.MESSAGE
    }


def held_in_form(command: Command) -> tuple[Option, ...]:
    """Options asked for in a form: long texts, and then files too, since a form cannot take over an earlier file."""
    if not any(option.long for option in command.options):
        return ()
    return tuple(option for option in command.options if option.long or option.kind in HANDED)


def _root(name: str, commands: Sequence[Command], catalogue: Catalogue) -> Payload:
    alone = commands[0] if commands[0].name == name else None
    if len(commands) > 1 and any(command.name == name for command in commands):
        raise ValueError(f"on Discord /{name} cannot be a command and have sub-commands")
    if len(commands) > AT_MOST:
        raise ValueError(f"on Discord /{name} cannot have more than {AT_MOST} sub-commands")
    parts = _options(alone, catalogue) if alone else [_sub_command(command, catalogue) for command in commands]
    hint = MANAGE_GUILD if all(command.access is Access.ADMIN for command in commands) else None
    return {
        **_named(name, name, catalogue),
        "type": 1,
        "options": parts,
        "contexts": [IN_GUILDS, IN_DMS],
        "integration_types": [0],
        "default_member_permissions": hint,
    }


def _menu(name: str, command: Command, catalogue: Catalogue) -> Payload:
    return {
        "name": name,
        "name_localizations": _localised(f"{command.path}.menu", name, catalogue, LONGEST_NAME),
        "type": ON_MESSAGE,
        "contexts": [IN_GUILDS],
        "integration_types": [0],
        "default_member_permissions": MANAGE_GUILD if command.access is Access.ADMIN else None,
    }


def _sub_command(command: Command, catalogue: Catalogue) -> Payload:
    word = command.name.split()[1]
    return {**_named(word, command.path, catalogue), "type": SUB_COMMAND, "options": _options(command, catalogue)}


def _options(command: Command, catalogue: Catalogue) -> list[Payload]:
    untyped = {option for option in command.options if option.kind is Kind.MESSAGE}.union(held_in_form(command))
    typed = [option for option in command.options if option not in untyped]
    if len(typed) > AT_MOST:
        raise ValueError(f"on Discord /{command.name} cannot have more than {AT_MOST} options")
    return [_option(option, command.path, catalogue) for option in sorted(typed, key=lambda each: not each.required)]


def _option(option: Option, path: str, catalogue: Catalogue) -> Payload:
    where = f"{path}.options.{option.name}"
    payload = {**_named(option.name, where, catalogue), "type": TYPES[option.kind], "required": option.required}
    bounds = option.bounds
    if option.kind is Kind.TEXT and bounds:
        payload["min_length"] = min(max(bounds.low, 0), LONGEST_TEXT)
        payload["max_length"] = min(max(bounds.high, 1), LONGEST_TEXT)
    if option.kind is Kind.WHOLE and bounds:
        payload["min_value"], payload["max_value"] = max(bounds.low, -LARGEST), min(bounds.high, LARGEST)
    if 0 < len(option.choices) <= AT_MOST:
        payload["choices"] = [_choice(value, choice_path(option, value), catalogue) for value in option.choices]
    elif option.suggest and payload["type"] in (STRING, INTEGER):
        payload["autocomplete"] = True
    return payload


def _choice(value: str, path: str, catalogue: Catalogue) -> Payload:
    name = cut(catalogue.option(DEFAULT, path) or value, LABEL)
    return {"name": name, "value": value, "name_localizations": _localised(path, name, catalogue, LABEL)}


def _named(name: str, path: str, catalogue: Catalogue) -> Payload:
    """Name and description in every language; a name that Discord would refuse is left out."""
    about = cut(catalogue.option(DEFAULT, f"{path}.about") or name, ABOUT)
    names = _localised(f"{path}.name", name, catalogue, LABEL)
    return {
        "name": name,
        "name_localizations": {tag: each for tag, each in names.items() if valid_name(each)},
        "description": about,
        "description_localizations": _localised(f"{path}.about", about, catalogue, ABOUT),
    }


def valid_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and name == name.lower()


def _localised(path: str, default: str, catalogue: Catalogue, limit: int) -> dict[str, str]:
    found = {
        tag: cut(said, limit)
        for language in catalogue.languages
        if language != DEFAULT and (said := catalogue.option(language, path))
        for tag in tags(language)
    }
    # Without an entry of its own, an American client would be shown the British one.
    return found | ({"en-US": default} if "en-GB" in found else {})


def tags(language: str) -> tuple[str, ...]:
    """Discord's tags for this language: its own tag, or every regional one of it."""
    if language in TAGS:
        return (language,)
    family = language.partition("-")[0]
    return tuple(tag for tag in TAGS if tag.partition("-")[0] == family)
