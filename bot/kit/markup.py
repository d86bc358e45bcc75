"""Formatted text as data: five marks, parsed before values are inserted, so that a value can never inject any."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None
    #: "platform:id" of the account meant; on another platform it is just a name
    mention: str | None = None


Rich = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that names a member so that the platform can point at them."""

    name: str
    account: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a template where a value goes, in the style around it."""

    name: str
    style: Span


_MARKS = re.compile(
    r"\*\*(?P<bold>.+?)\*\*|(?<!\w)_(?P<italic>(?:[^_\n]|(?<=\w)_(?=\w))+)_(?!\w)"
    r"|`(?P<code>[^`]+)`|\[(?P<label>[^\[\]]+)\]\((?P<link>https?://[^)\s]+)\)|\{(?P<slot>[a-z_]+)\}"
)


@lru_cache(maxsize=4096)
def parse(template: str) -> tuple[Span | Slot, ...]:
    return tuple(_parse(template, Span(text="")))


def _parse(template: str, style: Span) -> Iterable[Span | Slot]:
    end = 0
    for mark in _MARKS.finditer(template):
        if mark.start() > end:
            yield replace(style, text=template[end : mark.start()])
        end = mark.end()
        match mark.lastgroup:
            case "slot":
                yield Slot(mark["slot"], style)
            case "bold":
                yield from _parse(mark["bold"], replace(style, bold=True))
            case "italic":
                yield from _parse(mark["italic"], replace(style, italic=True))
            case "code":
                yield from _parse(mark["code"], replace(style, code=True))
            case _:
                yield from _parse(mark["label"], replace(style, link=mark["link"]))
    if end < len(template):
        yield replace(style, text=template[end:])


_CODE = re.compile(r"```(?:(?P<language>[\w+#-]*)\n)?(?P<block>.+?)```|`(?P<inline>[^`\n]+)`", re.DOTALL)


class Piece(NamedTuple):
    """A part of what a member wrote."""

    #: the part as it stands in the text
    raw: str
    #: the part without its code marks
    text: str
    code: bool = False
    #: on lines of its own
    block: bool = False
    #: its language, where the member named one
    language: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Split what a member wrote into text and code; all other marks stay as they are."""
    end = 0
    for code in _CODE.finditer(text):
        if code.start() > end:
            yield Piece(text[end : code.start()], text[end : code.start()])
        inner = (code["block"] or code["inline"]).strip("\n")
        block = code["block"] is not None
        yield Piece(code[0], inner, code=True, block=block, language=code["language"] or "")
        end = code.end()
    if end < len(text):
        yield Piece(text[end:], text[end:])


def written(text: str) -> Rich:
    """What a member wrote, as spans of text and code."""
    return _merged(Span(text=piece.text, code=piece.code) for piece in pieces(text))


def slots(template: str) -> frozenset[str]:
    return frozenset(piece.name for piece in parse(template) if isinstance(piece, Slot))


def fill(template: str, value: Callable[[str], "str | Rich | Mention"]) -> Rich:
    """The template with its slots filled; a value brings text, or spans of its own, never marks."""
    spans: list[Span] = []
    for piece in parse(template):
        if isinstance(piece, Span):
            spans.append(piece)
            continue
        match value(piece.name):
            case str(text):
                spans.append(replace(piece.style, text=text))
            case Mention(name, account):
                spans.append(replace(piece.style, text=name, mention=account))
            case rich:
                spans.extend(rich)
    return _merged(spans)


def _merged(spans: Iterable[Span]) -> Rich:
    """Neighbours of one style are one span, so that a renderer sets its marks around them once."""
    merged: list[Span] = []
    for span in spans:
        if merged and not span.mention and replace(span, text="") == replace(merged[-1], text=""):
            merged[-1] = replace(span, text=merged[-1].text + span.text)
        elif span.text:
            merged.append(span)
    return tuple(merged)


def plain(rich: Rich) -> str:
    return "".join(span.text for span in rich)


def join(parts: Iterable[Rich], between: str = "\n") -> Rich:
    spans: list[Span] = []
    for part in parts:
        if spans and part:
            spans.append(Span(text=between))
        spans.extend(part)
    return tuple(spans)
