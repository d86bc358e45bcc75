"""How replies look: snapshots of the HTML, its limits, and hostile values."""

import pytest
from telegram import ForceReply, InlineKeyboardMarkup

from adapters.telegram.replies import letters
from bot.kit import Block, Button, Reply, Style, Tone
from bot.kit.markup import Span
from bot.kit.replies import Document, Image
from tests.servers.telegram_text import parse_html, units

IMAGE = Image("chart.png", b"\x89PNG", "Points of ann: 5")


def html(reply: Reply) -> str:
    (letter,) = letters(reply)
    return letter.html


def said(text: str, **marks: bool | str) -> Reply:
    return Reply(text=(Span(text=text, **marks),))  # type: ignore[arg-type]  # marks as Span has them


def test_the_marks() -> None:
    """Each mark is its tag, nested where Telegram allows it; code stands alone."""
    spans = (
        Span(text="b", bold=True),
        Span(text="bi", bold=True, italic=True),
        Span(text="c", code=True, bold=True),
        Span(text="l", link='https://x.test/?a="1"&b'),
        Span(text="ann", mention="telegram:11"),
        Span(text="eve", mention="discord:11"),
    )

    assert html(Reply(text=spans)) == (
        "<b>b</b><b><i>bi</i></b><code>c</code>"
        '<a href="https://x.test/?a=&quot;1&quot;&amp;b">l</a><a href="tg://user?id=11">ann</a>eve'
    )


def test_title_and_blocks() -> None:
    """Title, text and named parts are separated by blank lines."""
    block = Block((Span(text="Latest"),), (Span(text="none"),))
    reply = Reply(title=(Span(text="Settings"),), text=(Span(text="All."),), blocks=(block,), tone=Tone.CAREFUL)

    assert html(reply) == "⚠️ <b>Settings</b>\nAll.\n\n<b>Latest</b>\nnone"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("<b>", "&lt;b&gt;"),
        ("Q&A &amp;", "Q&amp;A &amp;amp;"),
        ("@everyone", "@\u2060everyone"),
        ("a@b.test", "a@b.test"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\x00b\ud800c", "abc"),
        ("👩‍👩‍👧 积分", "👩‍👩‍👧 积分"),
        (" \n", "…"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    ],
)
def test_hostile_values(value: str, shown: str) -> None:
    """Values are shown as they are; they format, mention, turn or break nothing."""
    assert html(said(value)) == shown


@pytest.mark.parametrize("value", ["<&>" * 1667, "🔥" * 2500, "x" * 5000])
def test_too_long(value: str) -> None:
    """A text that is too long is cut as text, never within a tag, and says so."""
    plain, entities = parse_html(html(said(value, bold=True)))

    assert 4090 < units(plain) <= 4096
    assert plain == value[: len(plain) - 1] + "…"
    assert [entity["type"] for entity in entities] == ["bold"]


def test_a_question() -> None:
    """An unfinished line comes last, survives any length, and asks for a reply."""
    (letter,) = letters(said("x" * 5000).but(so_far='/give "<b>"'))

    assert isinstance(letter.markup, ForceReply)
    assert letter.markup.selective
    assert letter.html.endswith('…\n↳ <code>/give "&lt;b&gt;"</code>')
    assert units(parse_html(letter.html)[0]) == 4096


def test_buttons() -> None:
    """There are at most three buttons in a row, fewer where labels are long; each carries its line unchanged."""
    labels = ["1", "2", "3", "4", "a rather long label", "another long label"]
    buttons = [Button(label, f"/go {label}") for label in labels]
    (letter,) = letters(said("?").but(buttons=(*buttons, Button("End", "/end", Style.DANGER))))

    assert isinstance(letter.markup, InlineKeyboardMarkup)
    rows = letter.markup.inline_keyboard
    assert [[each.text for each in row] for row in rows] == [labels[:3], labels[3:5], [labels[5], "End"]]
    assert (rows[0][0].callback_data, rows[0][0].style) == ("/go 1", None)
    assert rows[-1][-1].style == "danger"


def test_a_picture() -> None:
    """A picture carries the words, or its description; what does not fit below it follows."""
    (captioned,) = letters(said("Yours").but(image=IMAGE))
    assert (captioned.html, captioned.image) == ("Yours", IMAGE)

    (silent,) = letters(Reply(image=IMAGE))
    assert silent.html == "Points of ann: 5"

    picture, words = letters(said("x" * 1025).but(image=IMAGE, buttons=(Button("Go", "/go"),)))
    assert (picture.html, picture.image, picture.markup) == ("Points of ann: 5", IMAGE, None)
    assert (words.html, words.image) == ("x" * 1025, None)
    assert words.markup


def test_a_document() -> None:
    """A document carries the words, or none; it comes after a picture, and what does not fit follows."""
    table = Document("points.csv", b"a,1", "text/csv")
    (captioned,) = letters(said("Yours").but(file=table, buttons=(Button("Go", "/go"),)))
    assert (captioned.html, captioned.file) == ("Yours", table)
    assert captioned.markup

    assert [(each.html, each.file) for each in letters(Reply(file=table))] == [("", table)]

    below, words = letters(said("x" * 1025).but(file=table))
    assert (below.html, below.file, words.html) == ("", table, "x" * 1025)

    picture, both = letters(said("Yours").but(file=table, image=IMAGE))
    assert (picture.html, picture.image, picture.file) == ("Points of ann: 5", IMAGE, None)
    assert (both.html, both.image, both.file) == ("Yours", None, table)
