"""Reads texts as Telegram does, HTML into plain text with entities in UTF-16 units; it identifies no people."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Entity = dict[str, Any]

_STYLES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_MARK = re.compile(
    r"""<(?P<end>/?)(?P<tag>[^\s<>]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^<>"'])*)(?P<closed>>?)"""
    r"""|&(?:lt|gt|amp|quot|\#\d+|\#x[0-9a-fA-F]+);""",
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))""")
_FOUND = re.compile(
    r"(?<![\w/<])(?P<bot_command>/\w{1,64}(?:@\w{3,32})?)|(?<!\w)(?P<mention>@[A-Za-z]\w{2,31})", re.ASCII
)


class UnparsableError(ValueError):
    """What Telegram says after "can't parse entities:"."""


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, entity: Entity) -> str:
    """The part of the text that an entity marks."""
    whole = text.encode("utf-16-le", "surrogatepass")
    start = entity["offset"] * 2
    return whole[start : start + entity["length"] * 2].decode("utf-16-le", "surrogatepass")


def find_entities(text: str) -> list[Entity]:
    """The commands and mentions that clients and the server find by themselves."""
    return [
        {"type": str(found.lastgroup), "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in _FOUND.finditer(text)
    ]


def compose(template: str, mentioned: Sequence[tuple[str, Entity | None]]) -> tuple[str, list[Entity]]:
    """Puts (shown, user) pairs into a template's {}; with a user the mention is a text_mention."""
    pieces = template.split("{}", len(mentioned)) if mentioned else [template]
    if len(pieces) != len(mentioned) + 1:
        raise ValueError(f"{template!r} has no place for {len(mentioned)} mentions")
    text, entities = pieces[0], []
    for (shown, user), piece in zip(mentioned, pieces[1:], strict=True):
        if user:
            entities.append({"type": "text_mention", "offset": units(text), "length": units(shown), "user": user})
        text += shown + piece
    return text, in_order([*entities, *find_entities(text)])


def in_order(entities: list[Entity]) -> list[Entity]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    facts: Entity


@dataclass(slots=True)
class _Reader:
    source: str
    plain: str = ""
    entities: list[Entity] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def read(self) -> None:
        at = 0
        for mark in _MARK.finditer(self.source):
            self.plain += self.source[at : mark.start()]
            at = mark.end()
            if mark["tag"] is None:
                self.plain += html.unescape(mark[0])
            elif mark["end"]:
                self._close(mark)
            else:
                self._open(mark)
        self.plain += self.source[at:]
        if self.stack:
            raise UnparsableError(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')

    def _open(self, mark: re.Match[str]) -> None:
        tag, position = mark["tag"].lower(), len(self.source[: mark.start()].encode())
        attributes = {name: html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(mark["attributes"])}
        if tag not in _STYLES or (tag == "span" and attributes.get("class") != "tg-spoiler"):
            raise UnparsableError(f'Unsupported start tag "{tag}" at byte offset {position}')
        if not mark["closed"]:
            raise UnparsableError(f"Unclosed start tag at byte offset {position}")
        facts: Entity = {"type": _STYLES[tag]}
        if tag == "a":
            facts["url"] = attributes.get("href", "")
        elif tag == "tg-emoji":
            facts["custom_emoji_id"] = attributes.get("emoji-id", "")
        elif tag == "blockquote" and "expandable" in mark["attributes"]:
            facts["type"] = "expandable_blockquote"
        self.stack.append(_Open(tag, units(self.plain), facts))

    def _close(self, mark: re.Match[str]) -> None:
        tag, position = mark["tag"].lower(), len(self.source[: mark.start()].encode())
        if not self.stack:
            raise UnparsableError(f"Unexpected end tag at byte offset {position}")
        opened = self.stack.pop()
        if tag not in ("", opened.tag):
            expected = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise UnparsableError(f"Unmatched end tag at byte offset {position}, {expected}")
        length = units(self.plain) - opened.offset
        if length and opened.facts.get("url") != "":
            self.entities.append({**opened.facts, "offset": opened.offset, "length": length})


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities, or UnparsableError."""
    reader = _Reader(source)
    reader.read()
    coded = [entity for entity in reader.entities if entity["type"] in ("code", "pre", "text_link")]
    found = [one for one in find_entities(reader.plain) if not any(_overlap(one, other) for other in coded)]
    return trim(reader.plain, in_order([*reader.entities, *found]))


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Telegram cuts white space at both ends of what a bot sends."""
    before = units(text) - units(text.lstrip())
    text = text.strip()
    kept = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        end = min(entity["offset"] + entity["length"] - before, units(text))
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept


def _overlap(one: Entity, other: Entity) -> bool:
    begins, ends = one["offset"], one["offset"] + one["length"]
    return bool(begins < other["offset"] + other["length"] and other["offset"] < ends)
