"""Builds Discord's form for long texts, and reads what was filled in; nothing is kept meanwhile.

The form's id is the command line so far, in the text grammar, so that any process can continue it after any restart.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.discord.commands import HANDED, held_in_form
from adapters.discord.replies import Payload, cut
from bot.kit import Refusal, command_line
from bot.kit.capability import Command
from bot.kit.grammar import parse
from bot.kit.invocation import Line
from bot.kit.options import Kind, Option
from bot.kit.references import Person, Picture, Raw, Role, Spot
from bot.kit.texts import DEFAULT, Catalogue

#: Discord's limits, in characters
ID, TITLE, LABEL, ABOUT, TEXT = 100, 45, 45, 100, 4000
#: characters of the id before the line, which distinguish two open forms of one line for one person
MARK = 8
FIELDS = 5
LABELLED, TEXT_INPUT, FILE_UPLOAD = 18, 4, 19
ONE_LINE, LINES = 1, 2


def asks(command: Command, given: Mapping[str, Raw]) -> bool:
    """Whether a form is needed before the command can run."""
    return any(option.name not in given for option in held_in_form(command))


def started(command: Command, line: str) -> dict[str, Raw] | None:
    """What a line gives before its long texts; None if it brings those too, or has an error that the core reports."""
    held = held_in_form(command)
    short = tuple(replace(option, required=False) for option in command.options if option not in held)
    try:
        _, given = parse(Line.of(line), {command.name: replace(command, options=short)})
    except Refusal:
        return None
    return {name: value for name, value in given.items() if value != ""}


def form(command: Command, given: Mapping[str, Raw], catalogue: Catalogue, language: str) -> Payload:
    """The form; texts too long for the line so far become fields that are filled in already."""
    held = held_in_form(command)
    words = {option: _word(given.get(option.name, "")) for option in command.options if option not in held}
    riding: list[tuple[Option, str]] = []
    longest = sorted((option for option in words if option.kind is Kind.TEXT), key=lambda each: -len(words[each]))
    for option in longest[: FIELDS - len(held)]:
        if len(_line(command, words)) > ID - MARK:
            riding.append((option, words[option]))
            words[option] = ""
    fields = [*riding, *((option, "") for option in held)]
    return {
        "custom_id": cut(_line(command, words), ID - MARK),
        "title": cut(_said(catalogue, language, f"{command.path}.about") or command.name, TITLE),
        "components": [_field(command, option, value, catalogue, language) for option, value in fields[:FIELDS]],
    }


def marked(shown: Payload) -> Payload:
    """Add a mark as `line_of` expects it: every line begins with a slash, and no mark has one."""
    return shown | {"custom_id": secrets.token_hex(MARK // 2) + shown["custom_id"]}


def line_of(custom_id: str) -> str:
    """The line of a button or form."""
    return custom_id[max(0, custom_id.find("/")) :]


def filled(data: Mapping[str, Any]) -> dict[str, Raw]:
    """What was written into the fields, by name, and the files handed in."""
    files = data.get("resolved", {}).get("attachments", {})
    found: dict[str, Raw] = {}
    for row in data["components"]:
        for field in row.get("components") or [row.get("component", {})]:
            if text := field.get("value"):
                found[field["custom_id"]] = text
            elif (chosen := field.get("values")) and chosen[0] in files:
                found[field["custom_id"]] = picture(files[chosen[0]])
    return found


def picture(attachment: Mapping[str, Any]) -> Picture:
    return Picture(attachment["url"], attachment["filename"], attachment["size"])


def _line(command: Command, words: Mapping[Option, str]) -> str:
    """The command line; an option left out in the middle is an empty word, and at the end nothing."""
    values = list(words.values())
    while values and not values[-1]:
        values.pop()
    return command_line(command.name, *values)


def _word(value: Raw) -> str:
    match value:
        case Person(id=number) | Role(id=number) | Spot(id=number) | Picture(id=number):
            return number
        case bool():
            return "on" if value else "off"
        case _:
            return str(value)


def _field(command: Command, option: Option, value: str, catalogue: Catalogue, language: str) -> Payload:
    path = f"{command.path}.options.{option.name}"
    about = _said(catalogue, language, f"{path}.about") or option.name
    field = {
        "type": LABELLED,
        "label": cut(_said(catalogue, language, f"{path}.name") or option.name, LABEL),
        "description": cut(about, ABOUT),
    }
    if option.kind in HANDED:
        upload = {"type": FILE_UPLOAD, "custom_id": option.name, "min_values": int(option.required), "max_values": 1}
        return field | {"component": upload | {"required": option.required}}
    high = min(option.bounds.high if option.bounds else TEXT, TEXT)
    low = min(max(option.bounds.low if option.bounds else 0, int(option.required)), high)
    text: Payload = {
        "type": TEXT_INPUT,
        "custom_id": option.name,
        "style": LINES if option.long else ONE_LINE,
        "required": option.required or (option.long and low > 0),
        "min_length": low,
        "max_length": high,
    }
    return field | {"component": text | ({"value": value[:high]} if value else {})}


def _said(catalogue: Catalogue, language: str, path: str) -> str | None:
    return catalogue.option(language, path) or catalogue.option(DEFAULT, path)
