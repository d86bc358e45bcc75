"""The text grammar of Telegram, the console and every button: turns a line into a command and its options by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.kit.capability import Command
from bot.kit.errors import Refusal
from bot.kit.invocation import Line
from bot.kit.options import Kind, Option, quoted
from bot.kit.references import Person, Picture, Raw, Upload

#: options that come beside the line, not in it
POINTED = (Kind.FILE, Kind.MESSAGE)
#: phone keyboards write these for quotes; each becomes one character, so that positions stay the same
REPAIRS = str.maketrans(dict.fromkeys("“”„«»", '"'))
#: and these for dashes
_DASHES = re.compile(r"^[—–−](?=\d)|^—")
#: the longest line that every platform still shows beside other words
SO_FAR = 2000
#: how much of a word must be right for us to suggest it: a letter in four may be wrong
CLOSE = 0.75
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the line, or a person the platform pointed at, and where the rest of the line begins."""

    value: str | Person
    piece: int
    start: int


def parse(
    line: Line, commands: Mapping[str, Command], proposed: Mapping[str, Command] | None = None
) -> tuple[Command, dict[str, Raw]]:
    """The command and the words given for its options; this does not check whether any are missing or wrong."""
    words = _words(line.pieces)
    command, used = _command(words, commands)
    if command is None:
        raise _unknown(_names(words), commands if proposed is None else proposed)
    given: dict[str, Raw] = {}
    rest = list(words[used:])
    for option in command.options:
        if handed := _handed(option, line):
            given[option.name] = handed
        elif option.kind in POINTED:
            continue
        elif option.kind is Kind.MEMBER and line.replied and line.replied.author and not (rest and _points(rest[0])):
            given[option.name] = line.replied.author
        elif rest and (option.rest or option.long):
            given[option.name] = _remainder(line.pieces, rest[0])
            rest.clear()
        elif rest:
            given[option.name] = rest.pop(0).value
    if rest:
        raise Refusal("refusal.too_many", word=quoted(_shown(rest[0].value)), path=command.path)
    return command, given


def command_line(command: str, *words: object) -> str:
    """The line that `parse` reads as this command; buttons carry such lines."""
    return " ".join([f"/{command}", *(quote(str(word)) for word in words)])


def find(line: Line, commands: Mapping[str, Command]) -> Command | None:
    """The command a line begins with, if there is one."""
    return _command(_words(line.pieces), commands)[0]


def siblings(line: Line, commands: Mapping[str, Command]) -> list[Command]:
    """The commands that share the first word of a line."""
    first = _names(_words(line.pieces))[0]
    return [each for name, each in commands.items() if name.split()[0] == first]


def quote(word: str) -> str:
    if word and not re.search(r'[\s"“”„«»]|^[—–−]', word):
        return word
    escaped = re.sub(r'(["“”„«»\\])', r"\\\1", word)
    return f'"{escaped}"'


def _words(pieces: Sequence[str | Person]) -> list[Word]:
    words: list[Word] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, Person):
            words.append(Word(piece, number, 0))
            continue
        for found in _WORD.finditer(piece.translate(REPAIRS)):
            quoted, bare = (piece[slice(*found.span(group))] for group in (1, 2))
            value = _DASHES.sub("-", bare) if found[1] is None else re.sub(r"\\(.)", r"\1", quoted)
            words.append(Word(value, number, found.start()))
    return words


def _names(words: Sequence[Word]) -> list[str]:
    return [quoted(_shown(word.value)).removeprefix("/").lower() for word in words[:2]] or [""]


def _command(words: Sequence[Word], commands: Mapping[str, Command]) -> tuple[Command | None, int]:
    """The command, and how many words name it."""
    names = _names(words)
    for used in (2, 1):
        if len(names) >= used and (command := commands.get(" ".join(names[:used]))):
            return command, used
    return None, 0


def _unknown(names: Sequence[str], proposed: Mapping[str, Command]) -> Refusal:
    """What they may have meant."""
    group = [name for name in proposed if name.split()[0] == names[0]]
    seconds = [name.split()[1] for name in group]
    if len(names) > 1 and (near := get_close_matches(names[1], seconds, 1, cutoff=CLOSE)):
        return Refusal("refusal.unknown_close", command=" ".join(names), close=f"{names[0]} {near[0]}")
    if group:
        return Refusal("refusal.which", command=names[0], commands=[f"/{name}" for name in sorted(group)])
    known = [*proposed, *{name.split()[0] for name in proposed}]
    close = [near for typed in (" ".join(names), names[0]) for near in get_close_matches(typed, known, 1, cutoff=CLOSE)]
    if close:
        return Refusal("refusal.unknown_close", command=names[0], close=close[0])
    return Refusal("refusal.unknown", command=names[0])


def _remainder(pieces: Sequence[str | Person], first: Word) -> str:
    """The line from this word on, as written; a single quoted word loses its quotes."""
    text = "".join(piece.name if isinstance(piece, Person) else piece for piece in pieces[first.piece :])
    if isinstance(first.value, Person):
        return text
    text = text[first.start :]
    whole = _WORD.fullmatch(text.translate(REPAIRS).rstrip())
    return first.value if whole and whole[1] is not None else text


def _handed(option: Option, line: Line) -> Raw | None:
    """What came beside the words of the line."""
    match option.kind:
        case Kind.IMAGE:
            return line.picture
        case Kind.FILE:
            return line.file
        case Kind.MESSAGE:
            return line.replied
    return None


def _points(word: Word) -> bool:
    return isinstance(word.value, Person) or word.value.startswith("@")


def before(command: Command, option: Option, given: Mapping[str, Raw]) -> str | None:
    """The line up to this option, for an answer or a button to complete; None if it is too long."""
    earlier = [each for each in command.options[: command.options.index(option)] if each.kind not in POINTED]
    line = command_line(command.name, *(_shown(given[each.name]) for each in earlier if each.name in given))
    return line if len(line) <= SO_FAR else None


def _shown(value: Raw) -> str:
    match value:
        case Person(id=number) | Picture(id=number) | Upload(id=number):
            return number
        case _:
            return str(value)


def usage(command: Command, option_names: Mapping[str, str]) -> str:
    """How to type it: `/points give <to> <amount> [why]`."""
    shown = [_mark(option, option_names[option.name]) for option in command.options if option.kind is not Kind.MESSAGE]
    return " ".join([f"/{command.name}", *shown])


def _mark(option: Option, name: str) -> str:
    return f"<{name}>" if option.required else f"[{name}]"
