"""Reads the options of a command from its signature, and turns what was typed into values where no store is needed."""

import codecs
import inspect
import re
import types
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, available_timezones

from bot.kit.errors import Refusal
from bot.kit.letters import normal
from bot.kit.references import UPLOAD_BYTES, Picture, Role, TextFile, Upload
from models.communities import Place
from models.members import Member

if TYPE_CHECKING:
    from bot.kit.work import Work

Duration = timedelta
Image = Picture
File = TextFile
Zone = ZoneInfo


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that somebody pointed at, and the member who wrote it, if one did."""

    cause: str
    text: str
    author: Member | None
    #: whether it has a picture
    pictured: bool


class Kind(Enum):
    TEXT = "text"
    ZONE = "zone"
    WHOLE = "whole"
    YES_NO = "yes_no"
    CHOICE = "choice"
    DURATION = "duration"
    MEMBER = "member"
    ROLE = "role"
    PLACE = "place"
    IMAGE = "image"
    FILE = "file"
    MESSAGE = "message"


KINDS: dict[type, Kind] = {
    str: Kind.TEXT,
    bool: Kind.YES_NO,
    int: Kind.WHOLE,
    timedelta: Kind.DURATION,
    ZoneInfo: Kind.ZONE,
    Member: Kind.MEMBER,
    Role: Kind.ROLE,
    Place: Kind.PLACE,
    Picture: Kind.IMAGE,
    TextFile: Kind.FILE,
    Quoted: Kind.MESSAGE,
}


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds, both included: of a whole number, of a text's length, of a duration in seconds."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a member may pick: the word that is sent, and the label that is shown."""

    value: str
    label: str


Suggestions = Callable[["Work", str], Awaitable[Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class Suggest:
    """Finds the choices that depend on data."""

    find: Suggestions


@dataclass(frozen=True, slots=True)
class Example:
    """Finds a right word that depends on the other options; an empty one means no example."""

    find: Callable[["Work"], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Rest:
    """Takes the rest of the line."""


@dataclass(frozen=True, slots=True)
class Long:
    """Asked for in a form where there are forms, and by a reply where there are none."""


@dataclass(frozen=True, slots=True)
class Check:
    """What else must be true of a text; raises a Refusal if it is not."""

    test: Callable[[str], object]


Tail = Annotated[str, Rest()]

#: the longest text unless an option says less: Telegram's longest message
TEXT = Range(0, 4096)
WHOLE = Range(-(2**53) + 1, 2**53 - 1)
#: a number of so many digits is beyond all bounds
MANY = 30
#: the longest duration anyone may set: a hundred years
DURATION = Range(0, 36_525 * 86_400)
BOUNDS = {Kind.TEXT: TEXT, Kind.WHOLE: WHOLE, Kind.DURATION: DURATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    name: str
    kind: Kind
    required: bool = True
    default: Any = None
    bounds: Range | None = None
    choices: tuple[str, ...] = ()
    enum: type[Enum] | None = None
    suggest: Suggestions | None = field(default=None, repr=False)
    example: Callable[["Work"], Awaitable[str]] | None = field(default=None, repr=False)
    check: Callable[[str], object] | None = field(default=None, repr=False)
    rest: bool = False
    long: bool = False


def read_options(handler: Callable[..., Any]) -> tuple[Option, ...]:
    """Every parameter after the first, which is the unit of work."""
    hints = get_type_hints(handler, include_extras=True)
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    return tuple(read_option(each.name, hints[each.name], each.default) for each in parameters)


def read_option(name: str, hint: Any, default: Any = inspect.Parameter.empty) -> Option:
    hint = _without_none(hint)
    base, marks = (get_args(hint)[0], get_args(hint)[1:]) if get_origin(hint) is Annotated else (hint, ())
    base = _without_none(base)
    enum = base if isinstance(base, type) and issubclass(base, Enum) else None
    kind = Kind.CHOICE if enum else KINDS[base]
    required = default is inspect.Parameter.empty
    return Option(
        name=name,
        kind=kind,
        required=required,
        default=None if required else default,
        bounds=next((mark for mark in marks if isinstance(mark, Range)), BOUNDS.get(kind)),
        choices=tuple(str(member.value) for member in enum) if enum else (),
        enum=enum,
        suggest=next((mark.find for mark in marks if isinstance(mark, Suggest)), None),
        example=next((mark.find for mark in marks if isinstance(mark, Example)), None),
        check=next((mark.test for mark in marks if isinstance(mark, Check)), None),
        rest=any(isinstance(mark, Rest) for mark in marks),
        long=any(isinstance(mark, Long) for mark in marks),
    )


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return hint


def choice_path(option: Option, value: str) -> str:
    """Where the catalogues name a choice."""
    return f"choice.{option.enum.__name__.lower() if option.enum else option.name}.{value}"


def read_text(option: Option, typed: str) -> str:
    text = "".join(each for each in typed if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs")).strip()
    _within(option, len(text), "refusal.length")
    if option.check:
        option.check(text)
    return text


def read_whole(option: Option, typed: str | float) -> int:
    """Read digits as phones and Chinese keyboards write them; refuse what only looks like a number."""
    if isinstance(typed, float) and typed.is_integer():
        typed = int(typed)
    if not re.fullmatch(r"[+-]?[0-9]+", digits := normal("NFKC", str(typed)).strip()):
        raise Refusal("refusal.whole", typed=quoted(typed))
    size = int(digits.lstrip("+-0")[:MANY] or 0)
    return _within(option, -size if digits[0] == "-" else size, "refusal.range")


YES = frozenset({"yes", "y", "on", "true", "1", "是", "开", "开启"})
NO = frozenset({"no", "n", "off", "false", "0", "否", "关", "关闭"})


def read_yes_no(_option: Option, typed: str | bool) -> bool:
    word = str(typed).strip().lower()
    if word not in YES | NO:
        raise Refusal("refusal.yes_no", typed=quoted(typed))
    return word in YES


def read_choice(option: Option, typed: str) -> Enum | str:
    word = next((choice for choice in option.choices if choice.casefold() == typed.strip().casefold()), None)
    if word is None:
        raise Refusal("refusal.choice", typed=quoted(typed), choices=[*option.choices])
    return next(member for member in option.enum if str(member.value) == word) if option.enum else word


NEVER = frozenset({"0", "never", "none", "off", "从不", "无"})
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_557_600}
#: other names of the units, without English plurals
_CALLED = {
    "sec": "s", "second": "s", "秒": "s", "min": "m", "minute": "m", "分": "m", "分钟": "m", "hr": "h", "hour": "h",
    "小时": "h", "day": "d", "天": "d", "week": "w", "周": "w", "year": "y", "年": "y",
}  # fmt: skip
_COUNTED = re.compile(r"([0-9]{1,9})([^\W\d_]{1,7})")


def read_duration(option: Option, typed: str) -> timedelta:
    """Read a duration such as 90m, 3d12h or 2w; a bare number is refused, since its unit is a guess."""
    word = normal("NFKC", typed).lower().replace(" ", "")
    word = "0s" if word in NEVER else word
    counted = _COUNTED.findall(word)
    if not word or "".join(map("".join, counted)) != word or not all(_unit(name) for _, name in counted):
        raise Refusal("refusal.duration", typed=quoted(typed))
    seconds = sum(int(count) * _UNITS[_unit(name)] for count, name in counted)
    bounds = option.bounds or DURATION
    if not bounds.low <= seconds <= bounds.high:
        low, high = timedelta(seconds=bounds.low), timedelta(seconds=bounds.high)
        raise Refusal("refusal.duration_range", low=low, high=high)
    return timedelta(seconds=seconds)


def _unit(name: str) -> str:
    """The unit's letter; empty if there is no such unit."""
    known = _CALLED.get(name) or _CALLED.get(name.removesuffix("s"), name)
    return known if known in _UNITS else ""


def read_zone(_option: Option, typed: str) -> ZoneInfo:
    """Read a zone by its name in the tz database, in any case."""
    wanted = typed.strip().casefold()
    name = next((zone for zone in available_timezones() if zone.casefold() == wanted), None)
    if name is None:
        raise Refusal("refusal.zone", typed=quoted(typed))
    return ZoneInfo(name)


def read_file(_option: Option, given: object) -> TextFile:
    """Read UTF-8, or UTF-16 with its mark, as spreadsheets write it; to guess anything else would spoil names."""
    if not isinstance(given, Upload):
        raise Refusal("refusal.file")
    if max(given.size, len(given.content or b"")) > UPLOAD_BYTES:
        raise Refusal("refusal.file_size", kilobytes=UPLOAD_BYTES // 1024)
    if given.content is None:
        raise Refusal("refusal.file_lost")
    marked = given.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = given.content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("refusal.file_text") from None
    if "\0" in text:
        raise Refusal("refusal.file_text")
    return TextFile(given.name, text)


def write_duration(value: timedelta) -> str:
    """The shortest word that `read_duration` reads as this value."""
    left, word = round(value.total_seconds()), ""
    for unit in "dhms":
        count, left = divmod(left, _UNITS[unit])
        word += f"{count}{unit}" if count else ""
    return word or "0s"


READERS: dict[Kind, Callable[[Option, Any], Any]] = {
    Kind.TEXT: read_text,
    Kind.WHOLE: read_whole,
    Kind.YES_NO: read_yes_no,
    Kind.CHOICE: read_choice,
    Kind.DURATION: read_duration,
    Kind.ZONE: read_zone,
}


def _within(option: Option, value: int, path: str) -> int:
    if option.bounds and not option.bounds.low <= value <= option.bounds.high:
        raise Refusal(path, low=option.bounds.low, high=option.bounds.high)
    return value


def quoted(typed: object) -> str:
    """What was typed, short enough to repeat."""
    text = str(typed)
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - forty characters are recognised at a glance
