"""How a reply looks on Discord: marks, escapes and limits, as payloads."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.replies import CARD, CONTENT, escape, fit, message, parameters, render
from bot.kit import Block, Button, Reply, Style, Tone
from bot.kit.markup import Span
from bot.kit.replies import Document, Image


def said(text: str, **style: object) -> tuple[Span, ...]:
    return (Span(text=text, **style),)  # type: ignore[arg-type] # each test names marks that exist


@pytest.mark.parametrize(
    ("rich", "written"),
    [
        (said("plain"), "plain"),
        (said("loud", bold=True), "**loud**"),
        (said(" loud ", bold=True), " **loud** "),
        (said("soft", italic=True), "*soft*"),
        (said("both", bold=True, italic=True), "***both***"),
        ((*said("Ann", bold=True), *said(" won", bold=True)), "**Ann won**"),
        ((*said("a", bold=True), *said("b", italic=True)), "**a**\u200b*b*"),
        (said("/help", code=True), "`/help`"),
        (said("a`b", code=True), "`` a`b ``"),
        (said("a``b", code=True), "`` a`\u200b`b ``"),
        (said("a\nb", code=True), "```\na\nb\n```"),
        (said("here", link="https://example.org/a(b)"), "[here](https://example.org/a%28b%29)"),
        (said("here", link="javascript:alert(1)"), "here"),
        (said("Ann", mention="discord:42"), "<@42>"),
        (said("Ann", mention="telegram:42"), "Ann"),
        (said("Ann", mention="discord:42> @everyone"), "Ann"),
    ],
)
def test_marks(rich: tuple[Span, ...], written: str) -> None:
    """Each mark becomes Discord's own, and what a mark cannot hold stays outside it."""
    assert render(rich) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("@everyone", r"\@everyone"),
        ("<@&1> <@1> <#1> <:a:1> <t:1>", r"\<\@&1\> \<\@1\> \<\#1\> \<:a:1\> \<t:1\>"),
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("**bold __under ~~strike ||spoiler `code", r"\*\*bold \_\_under \~\~strike \|\|spoiler \`code"),
        ("\\*", r"\\\*"),
        ("# head\n- item\n1. first\n> quote\n-# small", "\\# head\n\\- item\n1\\. first\n\\> quote\n-\\# small"),
        ("well-known 3.5 - no", "well-known 3.5 - no"),
        ("https://example.org/a_b*c*", r"https://example.org/a_b\*c\*"),
        ("safe\u202eevil\u2066\x00\ud800", "safeevil"),
    ],
)
def test_values_show_themselves(value: str, written: str) -> None:
    """A member's words are shown letter by letter and mean nothing to Discord."""
    assert escape(value) == written


def test_a_simple_reply() -> None:
    """A sentence is plain content, and every key is sent, so that an edit clears what was there."""
    assert message(Reply(text=(*said("Hello "), *said("Ann", mention="discord:42")))) == {
        "content": "Hello <@42>",
        "embeds": [],
        "components": [],
        "allowed_mentions": {"parse": [], "users": ["42"], "replied_user": False},
        "attachments": [],
    }


def test_a_card() -> None:
    """A title and blocks make a card in the colour of its tone; in a title, a mention is a name."""
    reply = Reply(
        title=said("Ann", mention="discord:42"),
        text=said("Look"),
        blocks=(Block(said("One"), said("1", bold=True)), Block(said("Two"), ())),
        image=Image(name="../board", png=b"\x89PNG", alt="A board"),
        tone=Tone.GOOD,
    )
    shown = message(reply)

    assert shown["content"] == ""
    assert shown["embeds"] == [
        {
            "title": "Ann",
            "description": "Look",
            "color": 0x57F287,
            "image": {"url": "attachment://___board.png"},
            "fields": [
                {"name": "One", "value": "**1**", "inline": False},
                {"name": "Two", "value": "\u200b", "inline": False},
            ],
        }
    ]
    assert shown["attachments"] == [{"id": 0, "filename": "___board.png", "description": "A board"}]
    assert parameters(shown, reply.picture).payload is None


def test_a_document() -> None:
    """A document is attached under its own name, after a picture; a path cannot be a name."""
    table = Document("../积分 points.csv", b"a,1", "text/csv")
    assert message(Reply(file=table))["content"] == ""
    assert message(Reply(file=table))["attachments"] == [{"id": 0, "filename": "____points.csv"}]

    picture = Image(name="board", png=b"\x89PNG", alt="A board")
    shown = message(Reply(text=said("Both"), image=picture, file=table))
    form = parameters(shown, picture, table).multipart or []

    assert [each["filename"] for each in shown["attachments"]] == ["board.png", "____points.csv"]
    assert [(each["name"], each.get("content_type")) for each in form] == [
        ("payload_json", None),
        ("files[0]", "image/png"),
        ("files[1]", "text/csv"),
    ]


def test_buttons() -> None:
    """There are five buttons in a row; each has its line as its id, and no id comes twice."""
    buttons = [Button(f"Page {number}", f"/page {number}") for number in range(6)]
    danger = Button("Delete", "/delete", Style.DANGER)
    rows = message(Reply(text=said("x"), buttons=(*buttons, danger, buttons[0])))["components"]

    assert [len(row["components"]) for row in rows] == [5, 2]
    assert rows[1]["components"][1] == {"type": 2, "style": 4, "label": "Delete", "custom_id": "/delete"}


def test_an_empty_reply() -> None:
    """Discord takes no empty message."""
    assert message(Reply())["content"] == "…"


@pytest.mark.parametrize("letter", ["a", "*", "@", "字", "😀", "\n", "`"])
def test_too_long(letter: str) -> None:
    """Any text is cut at four thousand characters, with an ellipsis."""
    content = message(Reply(text=said(letter * 4000, bold=True)))["content"]

    assert len(content) <= CONTENT
    assert content.endswith("…")


def test_a_card_too_large() -> None:
    """A card has as many blocks as fit into all of Discord's limits."""
    blocks = tuple(Block(said("*" * 300), said("字" * 2000)) for _ in range(30))
    (card,) = message(Reply(title=said("t" * 300), text=said("_" * 5000), blocks=blocks))["embeds"]
    parts = [
        card["title"],
        card["description"],
        *(part for one in card["fields"] for part in (one["name"], one["value"])),
    ]

    assert len(card["title"]) <= 256
    assert len(card["description"]) <= 4096
    assert all(len(one["name"]) <= 256 and 0 < len(one["value"]) <= 1024 for one in card["fields"])
    assert len(card["fields"]) <= 25
    assert sum(len(part) for part in parts) <= CARD


@given(st.text(max_size=300), st.booleans(), st.booleans(), st.booleans(), st.integers(10, 200))
def test_no_value_points_at_anybody(value: str, bold: bool, italic: bool, code: bool, limit: int) -> None:
    """Whatever a value is and wherever it is cut, it has no mention outside of code, and keeps the limit."""
    written = fit(said(value, bold=bold, italic=italic, code=code), limit)

    assert len(written) <= limit
    if not code:
        assert not re.search(r"(?<!\\)<@|(?<!\\)@(everyone|here)", re.sub(r"https?://\S+", "", written))
