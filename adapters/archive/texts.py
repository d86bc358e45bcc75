"""Splits members' words into paragraphs, links and code and nothing else, for a renderer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from bot.kit.letters import normal
from bot.kit.markup import pieces

#: characters of a file's name
SLUG = 60

#: characters of web addresses; a sentence's last mark does not belong to the address
_LINK = re.compile(r"https?://[!#-;=?-~]*[#$%&*+\-/0-9=@A-Z_a-z~]", re.IGNORECASE)


class Kind(Enum):
    TEXT = "text"
    CODE = "code"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a line."""

    text: str
    kind: Kind = Kind.TEXT


Line = list[Part]


@dataclass(frozen=True, slots=True)
class Paragraph:
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    language: str


def blocks(text: str) -> Iterator[Paragraph | Code]:
    lines: list[Line] = [[]]
    for piece in pieces(text.replace("\r\n", "\n").replace("\r", "\n")):
        if piece.block:
            yield from _paragraphs(lines)
            yield Code(piece.text, piece.language)
            lines = [[]]
        elif piece.code:
            lines[-1].append(Part(piece.text, Kind.CODE))
        else:
            first, *others = piece.text.split("\n")
            lines[-1] += parts(first)
            lines += [list(parts(line)) for line in others]
    yield from _paragraphs(lines)


def parts(line: str) -> Iterator[Part]:
    """Text and links of a line."""
    end = 0
    for link in _LINK.finditer(line):
        if link.start() > end:
            yield Part(line[end : link.start()])
        yield Part(link[0], Kind.LINK)
        end = link.end()
    if end < len(line):
        yield Part(line[end:])


def excerpt(text: str, longest: int) -> str:
    """The beginning, on one line."""
    said = " ".join("".join(piece.text if piece.code else piece.raw for piece in pieces(text)).split())
    return said if len(said) <= longest else f"{said[: longest - 1]}…"


def slug(title: str) -> str:
    """A title as a file name: letters and digits of any script, with - between words."""
    letters = "".join(each if each.isalnum() else " " for each in normal("NFKC", title).casefold())
    return "-".join(letters.split())[:SLUG].strip("-") or "question"


def _paragraphs(lines: list[Line]) -> Iterator[Paragraph]:
    """Paragraphs; empty lines separate them."""
    found: list[Line] = []
    for line in [*lines, []]:
        if any(part.kind is not Kind.TEXT or part.text.strip() for part in line):
            found.append(line)
        elif found:
            yield Paragraph(found)
            found = []
