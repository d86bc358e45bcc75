"""Turns a reply into what Telegram shows: escaped HTML within its limits, and buttons; effects.py sends it."""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import MessageLimit

from bot.kit import Button, Reply, Rich, Style, Tone
from bot.kit.markup import Span
from bot.kit.replies import Document, Image

#: marks a command line that waits for its next word; we do not read the line from here
PROMPT = "\n↳ "
SIGNS = {Tone.CAREFUL: "⚠️ ", Tone.BAD: "❌ "}
STYLES = {Style.MAIN: "primary", Style.DANGER: "danger"}
#: characters of the line shown to readers; we look up the line itself
PROMPT_LENGTH = 2048
ROW = 3
#: labels in one row that a phone still shows whole
ROW_WIDTH = 36

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
#: what Telegram would read as a mention, and so notify a member by accident
_AT = re.compile(r"(?<!\w)@(?=\w)")
_SILENT_AT = "@\u2060"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as Telegram takes it; with an image or a file, the text is its caption."""

    html: str
    markup: InlineKeyboardMarkup | ForceReply | None = None
    image: Image | None = None
    file: Document | None = None


def letters(reply: Reply) -> Sequence[Letter]:
    """One message; more if the words do not fit below the picture or the file, or if there are both."""
    body = list(_cleaned(_body(reply)))
    tail = _tail(reply.so_far)
    markup = _markup(reply)
    carrying = [Letter(html=_alt(reply.picture), image=reply.picture)] if reply.picture else []
    if reply.document:
        carrying.append(Letter(html="", file=reply.document))
    if carrying and _length([*body, *tail]) <= MessageLimit.CAPTION_LENGTH:
        below = _html([*body, *tail]) if body or tail else carrying[-1].html
        return [*carrying[:-1], replace(carrying[-1], html=below, markup=markup)]
    text = [*_cut(body, MessageLimit.MAX_TEXT_LENGTH - _length(tail)), *tail]
    return [*carrying, Letter(html=_html(text), markup=markup)]


def _alt(image: Image) -> str:
    return _html(_cut(_cleaned([Span(text=image.alt)]), MessageLimit.CAPTION_LENGTH))


def _body(reply: Reply) -> Iterator[Span]:
    yield Span(text=SIGNS.get(reply.tone, ""))
    parts = [[_bold(reply.title), reply.text], *([_bold(block.name), block.text] for block in reply.blocks)]
    between = ""
    for lines in parts:
        for line in (line for line in lines if line):
            yield Span(text=between)
            yield from line
            between = "\n"
        between = "\n\n" if between else ""


def _bold(rich: Rich) -> Rich:
    return tuple(replace(span, bold=True) for span in rich)


def _tail(so_far: str | None) -> Sequence[Span]:
    if so_far is None:
        return []
    return _cut(_cleaned([Span(text=PROMPT), Span(text=so_far, code=True)]), PROMPT_LENGTH)


def _cleaned(spans: Iterable[Span]) -> Iterator[Span]:
    """Remove what cannot be sent, turns the reading direction, or mentions somebody by accident."""
    for span in spans:
        text = _UNSHOWABLE.sub("", span.text)
        if not (span.code or span.mention):
            text = _AT.sub(_SILENT_AT, text)
        if text:
            yield replace(span, text=text)


def _length(spans: Iterable[Span]) -> int:
    """The length in UTF-16 units, the strictest way to count."""
    return sum(_units(span.text) for span in spans)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(spans: Iterable[Span], limit: int) -> Sequence[Span]:
    spans = list(spans)
    if _length(spans) <= limit:
        return spans
    kept, left = list[Span](), limit - 1
    for span in spans:
        if _units(span.text) > left:
            text = span.text.encode("utf-16-le")[: left * 2].decode("utf-16-le", "ignore")
            return [*kept, replace(span, text=text), Span(text="…")]
        kept.append(span)
        left -= _units(span.text)
    return kept


def _html(spans: Iterable[Span]) -> str:
    """The HTML; never empty, because Telegram refuses that."""
    spans = list(spans)
    return "".join(map(_tagged, spans)) if any(span.text.strip() for span in spans) else "…"


def _tagged(span: Span) -> str:
    text = html.escape(span.text, quote=False)
    if span.code:
        return f"<pre>{text}</pre>" if "\n" in text else f"<code>{text}</code>"
    platform, _, account = (span.mention or "").partition(":")
    if platform == "telegram" and account.isdigit():
        text = f'<a href="tg://user?id={account}">{text}</a>'
    elif span.link and span.link.startswith(("https://", "http://")):
        text = f'<a href="{html.escape(span.link)}">{text}</a>'
    text = f"<i>{text}</i>" if span.italic else text
    return f"<b>{text}</b>" if span.bold else text


def _markup(reply: Reply) -> InlineKeyboardMarkup | ForceReply | None:
    if reply.buttons:
        return InlineKeyboardMarkup([[_button(each) for each in row] for row in _rows(reply.buttons)])
    return ForceReply(selective=True) if reply.so_far is not None else None


def _rows(buttons: Iterable[Button]) -> Sequence[Sequence[Button]]:
    rows: list[list[Button]] = []
    for button in buttons:
        width = sum(len(each.label) for each in rows[-1]) + len(button.label) if rows else 0
        if not rows or len(rows[-1]) == ROW or width > ROW_WIDTH:
            rows.append([])
        rows[-1].append(button)
    return rows


def _button(button: Button) -> InlineKeyboardButton:
    """A button that carries its line unchanged; the reader of events takes it unchanged."""
    return InlineKeyboardButton(
        _UNSHOWABLE.sub("", button.label).strip() or "…", callback_data=button.line, style=STYLES.get(button.style)
    )
