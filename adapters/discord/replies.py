"""Builds Discord's message payload for a reply: marks rendered, values escaped, limits kept."""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from itertools import groupby
from typing import Any

import discord
import orjson
from discord.http import MultipartParameters

from bot.kit import Button, Reply, Rich, Style, Tone
from bot.kit.markup import Span
from bot.kit.replies import Document, Image

Payload = dict[str, Any]

#: a message flag: only one member sees it
EPHEMERAL = 64
#: Discord's limits, in characters
CONTENT, DESCRIPTION, TITLE, NAME, VALUE, CARD = 2000, 4096, 256, 256, 1024, 6000
FIELDS, BUTTONS, IN_A_ROW, LABEL, ALT, USERS = 25, 25, 5, 80, 1024, 100

STYLES = {Style.MAIN: 1, Style.NORMAL: 2, Style.DANGER: 4}
COLOURS = {Tone.GOOD: 0x57F287, Tone.CAREFUL: 0xFEE75C, Tone.BAD: 0xED4245}

#: characters of a web address that are no marks, so that the link stays clickable
_ADDRESS = r"https?://[\w\-.~/:?#@!$&+,;=%]+"
_SPECIAL = re.compile(rf"{_ADDRESS}|[\\*_~`|\[\]<>@#]|^[ ]*(?:[-+](?=\s)|\d+\.(?=\s))", re.MULTILINE)
#: control characters, halves of characters, and characters that turn the text direction
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: shows nothing, and separates marks that would otherwise run together
_GAP = "\u200b"


def message(reply: Reply) -> Payload:
    """The payload with every key, so that an edit leaves nothing of the old message."""
    carded = bool(fit(reply.title, TITLE, mentions=False) or reply.blocks)
    content = "" if carded else fit(reply.text, CONTENT)
    return {
        "content": content or ("" if carded or reply.picture or reply.document else "…"),
        "embeds": [_card(reply)] if carded else [],
        "components": _rows(reply.buttons),
        "allowed_mentions": {"parse": [], "users": _mentioned(reply), "replied_user": False},
        "attachments": _attachments(reply),
    }


def parameters(payload: Payload, image: Image | None, document: Document | None = None) -> MultipartParameters:
    """The parameters for discord.py: JSON, or a form if a picture or a document goes with it."""
    carried = [(_file_name(image), image.png, "image/png")] if image else []
    if document:
        carried.append((_document_name(document), document.content, document.media))
    if not carried:
        return MultipartParameters(payload=payload, multipart=None, files=None)
    files = [discord.File(BytesIO(content), filename=name) for name, content, _ in carried]
    form: list[Payload] = [{"name": "payload_json", "value": orjson.dumps(payload).decode()}]
    for number, (file, (_, _, media)) in enumerate(zip(files, carried, strict=True)):
        part = {"name": f"files[{number}]", "value": file.fp, "filename": file.filename, "content_type": media}
        form.append(part)
    return MultipartParameters(payload=None, multipart=form, files=files)


def render(rich: Rich, *, mentions: bool = True) -> str:
    """Discord's own marks; in a title, where mentions do not work, they become names."""
    written = ""
    for (bold, italic), spans in groupby(rich, key=lambda span: (span.bold, span.italic)):
        text = "".join(_span(span, mentions=mentions) for span in spans)
        mark = "**" * bold + "*" * italic
        if mark and text.strip():
            inner = text.strip()
            before, _, after = text.partition(inner)
            gap = _GAP if written.endswith("*") and not before else ""
            text = f"{before}{gap}{mark}{inner}{mark}{after}"
        written += text
    return written


def fit(rich: Rich, limit: int, *, mentions: bool = True) -> str:
    """As much as the limit allows, with whole marks; blanks alone count as nothing, as for Discord."""

    def rendered(text: Rich) -> str:
        return render(text, mentions=mentions)

    whole = rendered(rich)
    if not whole.strip():
        return ""
    return whole if len(whole) <= limit else _longest(rich, limit, rendered)


def escape(text: str) -> str:
    """The text, escaped so that Discord shows it letter by letter."""
    return _SPECIAL.sub(_literal, _UNSAFE.sub("", text))


def cut(text: str, limit: int) -> str:
    """Plain text, for fields without marks."""
    safe = _UNSAFE.sub("", text)
    return safe if len(safe) <= limit else f"{safe[: limit - 1]}…"


def _longest(rich: Rich, limit: int, rendered: Callable[[Rich], str]) -> str:
    """The longest beginning that fits; it is searched for, since escapes make the rendered length grow unevenly."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if len(rendered(_beginning(rich, middle))) <= limit:
            low = middle
        else:
            high = middle - 1
    return rendered(_beginning(rich, low))


def _beginning(rich: Rich, length: int) -> Rich:
    kept: list[Span] = []
    for span in rich:
        if len(span.text) >= length:
            return (*kept, _with(span, span.text[:length]), Span(text="…"))
        kept.append(span)
        length -= len(span.text)
    return tuple(kept)


def _with(span: Span, text: str) -> Span:
    return Span(
        text=text,
        bold=span.bold,
        italic=span.italic,
        code=span.code,
        link=span.link if text else None,
        mention=span.mention if text else None,
    )


def _literal(found: re.Match[str]) -> str:
    word = found.group()
    return word if word.startswith("http") else f"{word[:-1]}\\{word[-1]}"


def _span(span: Span, *, mentions: bool) -> str:
    if mentions and (user := _user(span)):
        return f"<@{user}>"
    if span.code and span.text.strip():
        return _code(_UNSAFE.sub("", span.text))
    if span.link and span.link.startswith(("https://", "http://")):
        return f"[{escape(span.text)}]({re.sub('[()<> ]', _percent, span.link)})"
    return escape(span.text)


def _user(span: Span) -> str | None:
    platform, _, number = (span.mention or "").partition(":")
    return number if platform == "discord" and number.isascii() and number.isdigit() else None


def _code(text: str) -> str:
    """Code; backticks cannot be escaped within code, so use more of them around it, or separate them."""
    if "\n" in text:
        return f"```\n{text.replace('```', f'`{_GAP}`{_GAP}`')}\n```"
    if "`" not in text:
        return f"`{text}`"
    return f"`` {text.replace('``', f'`{_GAP}`')} ``"


def _percent(found: re.Match[str]) -> str:
    return f"%{ord(found.group()):02X}"


def _mentioned(reply: Reply) -> list[str]:
    parts: Iterable[Rich] = (reply.text, *(block.text for block in reply.blocks))
    users = (user for rich in parts for span in rich if (user := _user(span)))
    return list(dict.fromkeys(users))[:USERS]


def _card(reply: Reply) -> Payload:
    """A title, the text and the blocks, until the card is full."""
    card: Payload = {}
    if title := fit(reply.title, TITLE, mentions=False):
        card["title"] = title
    if text := fit(reply.text, DESCRIPTION):
        card["description"] = text
    if reply.tone in COLOURS:
        card["color"] = COLOURS[reply.tone]
    if reply.picture:
        card["image"] = {"url": f"attachment://{_file_name(reply.picture)}"}
    left = CARD - len(card.get("title", "")) - len(card.get("description", ""))
    fields = []
    for block in reply.blocks[:FIELDS]:
        name = fit(block.name, NAME, mentions=False) or _GAP
        value = fit(block.text, min(VALUE, max(left - len(name), 0))) or _GAP
        left -= len(name) + len(value)
        if left < 0:
            break
        fields.append({"name": name, "value": value, "inline": False})
    return card | ({"fields": fields} if fields else {})


def _rows(buttons: tuple[Button, ...]) -> list[Payload]:
    """Rows of five; a line is a button's id, and a message may contain an id only once."""
    once: dict[str, Button] = {}
    for button in buttons:
        once.setdefault(button.line, button)
    made = [
        {
            "type": 2,
            "style": STYLES[button.style],
            "label": cut(button.label, LABEL).strip() or "…",
            "custom_id": button.line,
        }
        for button in list(once.values())[:BUTTONS]
    ]
    return [{"type": 1, "components": made[start : start + IN_A_ROW]} for start in range(0, len(made), IN_A_ROW)]


def _attachments(reply: Reply) -> list[Payload]:
    """The attachments, in the order in which `parameters` sends them."""
    made: list[Payload] = []
    if reply.picture:
        made.append({"id": 0, "filename": _file_name(reply.picture), "description": cut(reply.picture.alt, ALT)})
    if reply.document:
        made.append({"id": len(made), "filename": _document_name(reply.document)})
    return made


def _file_name(image: Image) -> str:
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', image.name.removesuffix('.png')) or 'image'}.png"


def _document_name(document: Document) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", document.name).lstrip(".") or "document"
