"""Turns what members ask on Discord into invocations; it asks neither Discord nor the store."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import discord

from adapters.discord.circles import circles
from adapters.discord.commands import ON_MESSAGE, Menu
from adapters.discord.events import (
    DISCORD,
    Spots,
    interaction_cause,
    is_known,
    is_pictured,
    message_cause,
    milliseconds,
    person,
    rights_in_guild,
)
from adapters.discord.forms import filled, line_of, picture
from adapters.discord.roles import unfit_for
from bot.kit.access import Standing
from bot.kit.events import AnswerShown
from bot.kit.invocation import Invocation, Line
from bot.kit.references import Message, Person, Raw, Role, Spot

SUB_COMMAND, SUB_COMMAND_GROUP, USER, CHANNEL, ROLE, ATTACHMENT = 1, 2, 6, 7, 8, 11


def invocation(asked: discord.Interaction[Any], spots: Spots, menus: Mapping[str, Menu]) -> Invocation:
    """A command and its options by name, with the message of its menu, or the line of a button or form."""
    data: Mapping[str, Any] = asked.data or {}
    typed = "custom_id" not in data
    if data.get("type") == ON_MESSAGE and (menu := menus.get(data["name"])):
        command, options = menu.command.name, {menu.option.name: _pointed(data, asked.guild)}
    else:
        command, options = _options(data, asked.guild, spots) if typed else ("", {})
    options |= {name: _judged(role, asked) for name, role in options.items() if isinstance(role, Role)}
    return Invocation(
        command=command,
        options=options,
        line=None if typed else Line.of(line_of(data["custom_id"])),
        author=person(asked.user),
        standing=_standing(asked.user) if asked.guild_id else Standing(access=None),
        spot=_spot(asked, spots),
        locale=str(asked.locale),
        cause=interaction_cause(asked.id),
        at=milliseconds(asked.created_at),
        message=str(asked.message.id) if asked.message else None,
        pressed=asked.message is not None,
        about=message_cause(asked.message.id) if asked.message else None,
        hidden=asked.message is not None and asked.message.flags.ephemeral,
    )


def custom_id(asked: discord.Interaction[Any]) -> str:
    data: Mapping[str, Any] = asked.data or {}
    return str(data["custom_id"])


def filled_in(asked: discord.Interaction[Any]) -> dict[str, Raw]:
    return filled(asked.data or {})


def focused(asked: discord.Interaction[Any]) -> str:
    """The option that is being typed."""
    data: Mapping[str, Any] = asked.data or {}
    return next((option["name"] for option in _leaves(data) if option.get("focused")), "")


def _spot(asked: discord.Interaction[Any], spots: Spots) -> Spot:
    """The channel; the whole server if Discord does not name one."""
    number = asked.channel_id or 0
    if asked.guild is None:
        return Spot(DISCORD, str(number), "dm", "")
    return spots.within(asked.guild, number) if number else spots.of(asked.guild)


def _options(data: Mapping[str, Any], guild: discord.Guild | None, spots: Spots) -> tuple[str, dict[str, Raw]]:
    words = [data["name"], *(option["name"] for option in _groups(data))]
    resolved = data.get("resolved", {})
    return " ".join(words), {option["name"]: _value(option, resolved, guild, spots) for option in _leaves(data)}


def _groups(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for option in data.get("options", ()):
        if option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP):
            yield option
            yield from _groups(option)


def _leaves(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = [data, *_groups(data)][-1]
    return [option for option in inner.get("options", ()) if option["type"] not in (SUB_COMMAND, SUB_COMMAND_GROUP)]


def _value(option: Mapping[str, Any], resolved: Mapping[str, Any], guild: discord.Guild | None, spots: Spots) -> Raw:
    value: Raw = option["value"]
    match option["type"]:
        case kind if kind == USER:
            return _named(str(value), resolved, guild)
        case kind if kind == CHANNEL and guild:
            return spots.within(guild, int(str(value)))
        case kind if kind == ROLE:
            return Role(str(value), resolved["roles"][value]["name"])
        case kind if kind == ATTACHMENT:
            return picture(resolved["attachments"][value])
    return value


def _judged(role: Role, asked: discord.Interaction[Any]) -> Role:
    """The role, judged; a role that we do not know cannot be checked, so it cannot be chosen."""
    known = asked.guild.get_role(int(role.id)) if asked.guild else None
    return replace(role, unfit=unfit_for(known, asked.user) if known else "role_gone")


def _named(number: str, resolved: Mapping[str, Any], guild: discord.Guild | None) -> Person:
    """The person, and whether they are in the guild, which Discord tells for each person named in a command."""
    user = resolved["users"][number]
    member = resolved.get("members", {}).get(number)
    name = (member or {}).get("nick") or user.get("global_name") or user["username"]
    absent = str(guild.id) if guild and member is None else None
    return Person(DISCORD, number, name, user["username"], user.get("bot", False), absent=absent)


def _pointed(data: Mapping[str, Any], guild: discord.Guild | None) -> Raw:
    """The message; Discord shows us its text even where it hides those of other messages."""
    message: Mapping[str, Any] = data["resolved"]["messages"][data["target_id"]]
    user = message["author"]
    here = guild.get_member(int(user["id"])) if guild else None
    author = person(here) if here else _named(user["id"], {"users": {user["id"]: user}}, None)
    return Message(
        message_cause(message["id"]),
        None if message.get("webhook_id") else author,
        message["content"],
        pictured=is_pictured(each.get("content_type") for each in message.get("attachments", ())),
    )


def shown(asked: discord.Interaction[Any], spot: Spot, now: int) -> AnswerShown:
    """The event of an answer to a command or a press that others see too."""
    return AnswerShown(cause=f"discord:shown:{asked.id}", at=now, spot=spot, answered=interaction_cause(asked.id))


def _standing(user: discord.User | discord.Member) -> Standing:
    read = circles(user) if isinstance(user, discord.Member) and is_known(user.guild) else frozenset()
    return Standing(access=rights_in_guild(user), circles=read)
