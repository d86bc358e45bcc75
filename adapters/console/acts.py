"""Defines the console's grammar: one line is one act of one person; events.py turns acts into events."""

import re
from collections.abc import Container
from dataclasses import dataclass

from adapters.console.replies import harmless, inline

GENERAL = "#general"
#: where `ann@dm:` speaks, and nobody else listens
DM = "@dm"


class Misstep(Exception):
    """A line that is no act, or an act without anything to act on; str() says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    who: str
    text: str
    place: str = GENERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Sends:
    """A file on this machine, with words below it."""

    who: str
    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    who: str
    to: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletes:
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presses:
    who: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacts:
    who: str
    emoji: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreacts:
    who: str
    emoji: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    who: str
    #: admin, staff or member
    rank: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaks:
    who: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    #: such as 3d12h
    time: str


Act = (
    Says | Sends | Replies | Edits | Deletes | Presses | Reacts | Unreacts | Joins | Leaves | Ranks | Speaks | Passes
)  # fmt: skip

#: of limited length, so that a long line is not compared at every place with every other place
_WHO = r"(?P<who>[^\s:：#/][^:：]{0,63}?)"
_TO = r"(?P<to>[^\s:：][^:：]{0,63}?)"
#: an address such as https://… is not a name that speaks
_TEXT = r"\s*(?:：|:(?!//))\s*(?P<text>.+)"

#: the first pattern that matches the whole line decides, so narrower patterns stand higher
GRAMMAR: tuple[tuple[re.Pattern[str], type[Act]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), act)
    for pattern, act in (
        (r"clock \+(?P<time>\S.*)", Passes),
        (rf"{_WHO} replies to {_TO}{_TEXT}", Replies),
        (rf"{_WHO} edits{_TEXT}", Edits),
        (rf"{_WHO} sends (?P<file>[^:：]+?){_TEXT}", Sends),
        (rf"{_WHO} in (?P<place>#[^\s:：]+){_TEXT}", Says),
        (rf"{_WHO}(?P<place>{DM}){_TEXT}", Says),
        (rf"{_WHO} presses (?P<label>.+)", Presses),
        (rf"{_WHO}{_TEXT}", Says),
        (rf"{_WHO} reacts (?P<emoji>\S+) to {_TO}", Reacts),
        (rf"{_WHO} unreacts (?P<emoji>\S+) to {_TO}", Unreacts),
        (rf"{_WHO} deletes", Deletes),
        (rf"{_WHO} joins", Joins),
        (rf"{_WHO} leaves", Leaves),
        (rf"(?P<rank>admin|staff|member) {_WHO}", Ranks),
        (rf"lang {_WHO} (?P<language>[\w-]+)", Speaks),
    )
)


def parse(line: str, known: Container[str] = ()) -> Act:
    """Read an act; `known` are speakers' names that may hold spaces: otherwise a mistyped act would become a name."""
    for pattern, act in GRAMMAR:
        if found := pattern.fullmatch(line.strip()):
            given = {name: word if name == "text" else inline(word) for name, word in found.groupdict().items()}
            if act is not Says or " " not in given["who"] or given["who"] in known:
                return act(**given)
    raise Misstep(f"not understood: {harmless(line.strip())}")
