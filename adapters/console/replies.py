"""Shows replies as lines of a terminal: drops marks, and no member's text can control the terminal."""

import unicodedata
from collections.abc import Iterable
from itertools import groupby
from pathlib import PurePath

from bot.kit import Block, Reply, Rich
from bot.kit.markup import Span

#: direction marks, embeddings, overrides and isolates, which make a line look like another one
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: control characters, half characters, private ones, and separators that some terminals treat as a new line
_HARMFUL = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_INSTEAD = "\ufffd"


def harmless(text: str) -> str:
    """The same text without anything that a terminal obeys; lines stay lines."""
    return "".join(_seen(each) for each in text.replace("\r\n", "\n").replace("\t", " "))


def inline(text: str) -> str:
    """The harmless text on one line, for a name or a label."""
    return harmless(text).replace("\n", " ")


def _seen(each: str) -> str:
    if each != "\n" and (each in _DIRECTIONS or unicodedata.category(each) in _HARMFUL):
        return _INSTEAD
    return each


def words(rich: Rich) -> str:
    """The words; code spans that touch are one piece of code, such as a command and its slash."""
    parts = ((code, "".join(_span(span) for span in spans)) for code, spans in groupby(rich, lambda span: span.code))
    return "".join(f"`{text}`" if code else text for code, text in parts)


def _span(span: Span) -> str:
    text = harmless(span.text)
    return f"{text} ({harmless(span.link)})" if span.link and span.link != span.text else text


def render(head: str, reply: Reply) -> str:
    """`head: first line`, and the other lines indented by two, so that no text can look like an effect of its own."""
    parts = [words(reply.title), words(reply.text), *(_block(block) for block in reply.blocks)]
    first, *more = "\n".join(part for part in parts if part).split("\n")
    return "\n".join([f"{head}: {first}".rstrip(), *(f"  {line}".rstrip() for line in [*more, *_below(reply)])])


def _block(block: Block) -> str:
    text = words(block.text)
    below = "\n  " + text.replace("\n", "\n  ") if "\n" in text else f" {text}"
    return f"{words(block.name)}:{below}"


def _below(reply: Reply) -> Iterable[str]:
    if reply.picture:
        yield f"{{image {file_name(reply.picture.name)}}}"
    if reply.document:
        yield f"{{file {file_name(reply.document.name)}}}"
    if reply.so_far:
        yield f"{{{inline(reply.so_far)} …}}"
    if reply.buttons:
        yield " ".join(f"[{inline(button.label)}]" for button in reply.buttons)


def file_name(name: str) -> str:
    """A file's name without any path."""
    return PurePath(inline(name).replace("\\", "/")).name.lstrip(".") or "unnamed"


def first_line(reply: Reply) -> str:
    return words(reply.title or reply.text).split("\n", 1)[0]
