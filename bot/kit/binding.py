"""Binds options by name to what the handler expects: checks bounds, and looks up members and places."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.kit.capability import Command
from bot.kit.errors import OptionRefused, Refusal
from bot.kit.grammar import before
from bot.kit.options import READERS, Kind, Option, Quoted, choice_path, quoted, read_choice, read_file
from bot.kit.references import Message, Person, Picture, Raw, Role, Spot, Upload, clean
from bot.kit.work import Work
from models import communities, members
from models.communities import Place
from models.members import Member

#: the largest attachment: Discord's own limit for bots, and more than any screenshot needs
PICTURE_BYTES = 10 * 1024 * 1024
#: longer than any platform's role id, and short enough for a button
ROLE_BYTES = 40


async def bind(work: Work, command: Command, given: Mapping[str, Raw]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for option in command.options:
        raw = given.get(option.name)
        if raw is None or raw == "":
            if option.required:
                raise OptionRefused(option.name, "refusal.missing", so_far=before(command, option, given))
            values[option.name] = option.default
            continue
        try:
            values[option.name] = await _value(work, option, raw)
        except Refusal as refusal:
            so_far = before(command, option, given)
            raise OptionRefused(option.name, refusal.path, so_far=so_far, **refusal.values) from None
    return values


async def bind_given(work: Work, command: Command, given: Mapping[str, Raw]) -> dict[str, Any]:
    """The options that can be bound already while another is being typed."""
    values: dict[str, Any] = {}
    for option in command.options:
        if option.name in given:
            try:
                values[option.name] = await _value(work, option, given[option.name])
            except Refusal:
                continue
    return values


async def read(work: Work, option: Option, typed: str) -> Any:
    """Read a value that is typed for something declared like an option, such as a setting."""
    return await _value(work, option, typed)


async def _value(work: Work, option: Option, raw: Raw) -> Any:
    match option.kind:
        case Kind.MEMBER:
            return await _member(work, raw)
        case Kind.PLACE:
            return await _place(work, raw)
        case Kind.ROLE:
            return _role(raw)
        case Kind.IMAGE:
            return _picture(raw)
        case Kind.FILE:
            return read_file(option, raw)
        case Kind.MESSAGE:
            return await _quoted(work, raw)
        case Kind.CHOICE:
            return read_choice(option, _meant(work, option, _name(raw)))
    plain = isinstance(raw, str) or (isinstance(raw, int | float) and option.kind in (Kind.WHOLE, Kind.YES_NO))
    return READERS[option.kind](option, raw if plain else _name(raw))


def _meant(work: Work, option: Option, typed: str) -> str:
    """A choice by its whole name in any language: a part of the name may say the opposite."""
    catalogue = work.desk.catalogue
    called = {
        _bare(name): each
        for each in option.choices
        for language in catalogue.languages
        for path in (choice_path(option, each), f"also.{choice_path(option, each)}")
        for name in (catalogue.option(language, path) or "").split(" / ")
    }
    return called.get(_bare(typed), typed) if typed not in option.choices else typed


def _bare(name: str) -> str:
    """The name without the sign before it, in any case and width of its letters."""
    return "".join(each for each in name.casefold() if each.isalnum())


async def _member(work: Work, raw: Raw) -> Member:
    platform, word = work.platform, _name(raw) if not isinstance(raw, Person) else ""
    found: Member | None = None
    if isinstance(raw, Person) or word.isdigit():
        found = await _known(work, platform, raw.id if isinstance(raw, Person) else word)
    else:
        found = await members.by_username(work.tx, work.community, platform, word.removeprefix("@").casefold())
    if found is None:
        raise Refusal("refusal.member", typed=quoted(word or _name(raw)))
    return found


async def _place(work: Work, raw: Raw) -> Place:
    """Find a place; for a member who does not read it, it does not exist."""
    if isinstance(raw, Spot):
        near = await communities.find_places(work.tx, [(raw.platform, raw.id)])
    else:
        # A community's places are on several platforms, and a member may ask about each from all of them.
        platforms = {work.platform, *work.desk.abilities}
        near = await communities.find_places(work.tx, [(platform, _name(raw)) for platform in sorted(platforms)])
    found = [place for place in near if place.community_id == work.community and await work.knows(place.id)]
    if not found and not isinstance(raw, Spot):
        word = _name(raw).removeprefix("#")
        near = await communities.search_places(work.tx, work.community, word, 2, await work.knowing())
        found = near[:1]
        if len({_likeness(place, word) for place in near}) < len(near) and _likeness(near[0], word):
            raise Refusal("refusal.places", typed=quoted(word))
    if not found:
        raise Refusal("refusal.place", typed=quoted(_name(raw)))
    return found[0]


def _likeness(place: Place, word: str) -> int:
    """How well a word names a place, in the order in which they are found: 0 where it is only a part of the name."""
    name = place.name.removeprefix("#")
    if name.casefold() != word.casefold():
        return 0
    return 1 + 2 * (name == word) + (place.kind not in ("thread", "topic"))


def _role(raw: Raw) -> Role:
    role = raw if isinstance(raw, Role) else Role(_name(raw).removeprefix("@"), _name(raw).removeprefix("@"))
    if not 0 < len(role.id.encode()) <= ROLE_BYTES:
        raise Refusal("refusal.role", typed=quoted(role.name))
    return replace(role, name=clean(role.name))


async def _quoted(work: Work, raw: Raw) -> Quoted:
    if not isinstance(raw, Message):
        raise Refusal("refusal.message")
    author = await _known(work, raw.author.platform, raw.author.id) if raw.author else None
    return Quoted(raw.cause, raw.text, author, raw.pictured)


async def _known(work: Work, platform: str, number: str) -> Member | None:
    accounts = await members.find_accounts(work.tx, work.community, [(platform, number)])
    return await members.member(work.tx, work.community, accounts[0].member_id) if accounts else None


def _picture(raw: Raw) -> Picture:
    if not isinstance(raw, Picture):
        raise Refusal("refusal.picture")
    if raw.size > PICTURE_BYTES:
        raise Refusal("refusal.picture_size", megabytes=PICTURE_BYTES // 1024**2)
    return raw


def _name(raw: Raw) -> str:
    match raw:
        case Person() | Spot() | Role() | Picture() | Upload():
            return raw.name
        case Message():
            return raw.text
    return str(raw)
