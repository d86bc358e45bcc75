"""Builds the menus of commands that Telegram shows, from the declarations; the core checks the rights."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.constants import BotCommandLimit

from adapters.telegram.reading import read
from bot.core.core import Core
from bot.kit import Access
from bot.kit.capability import Command, House
from bot.kit.texts import DEFAULT, Catalogue

SYNCED = "telegram:commands"
#: what Telegram accepts as a command's name
NAME = re.compile(r"[a-z0-9_]{1,32}")
SCOPES: Sequence[tuple[BotCommandScope, Access]] = (
    (BotCommandScopeDefault(), Access.MEMBER),
    (BotCommandScopeAllPrivateChats(), Access.MEMBER),
    (BotCommandScopeAllChatAdministrators(), Access.ADMIN),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The commands shown to one audience in one language; the empty language is for all without a menu of their own."""

    scope: BotCommandScope
    language: str
    #: name and description
    commands: Sequence[tuple[str, str]]


def menus(house: House, catalogue: Catalogue) -> list[Menu]:
    return [
        Menu(
            scope=scope,
            language="" if language == DEFAULT else language.split("-")[0],
            commands=_words(house.commands.values(), access, catalogue, language),
        )
        for scope, access in SCOPES
        for language in catalogue.languages
    ]


async def sync(bot: Bot, core: Core) -> bool:
    """Send the menus if any of them changed; return whether one did."""
    wanted = menus(core.house, core.catalogue)
    told = [(menu.scope.type, menu.language, menu.commands) for menu in wanted]
    mark = hashlib.sha256(orjson.dumps([bot.id, told])).hexdigest()
    if await core.recall(SYNCED) == mark:
        return False
    for menu in wanted:
        commands = [BotCommand(name, about) for name, about in menu.commands]
        await read(bot.set_my_commands(commands, menu.scope, menu.language or None))
    await core.remember(SYNCED, mark)
    return True


def _words(
    commands: Iterable[Command], access: Access, catalogue: Catalogue, language: str
) -> Sequence[tuple[str, str]]:
    """The first words of the commands this access may give, each once."""
    found: dict[str, str] = {}
    for command in commands:
        word = command.name.split()[0]
        if command.access <= access and word not in found and NAME.fullmatch(word):
            about = f"{word}.about" if catalogue.has(f"{word}.about") else f"{command.path}.about"
            found[word] = catalogue.plain(language, about)[: BotCommandLimit.MAX_DESCRIPTION]
    return list(found.items())[: BotCommandLimit.MAX_COMMAND_NUMBER]
