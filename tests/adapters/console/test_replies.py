"""How replies look in a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.console.replies import file_name, harmless, render, words
from bot.kit import Block, Button, Reply, Style
from bot.kit.markup import Span
from bot.kit.replies import Document, Image


def test_everything() -> None:
    """A reply with every part is shown from its title down to its buttons, indented below the first line."""
    reply = Reply(
        title=(Span(text="Board", bold=True),),
        text=(Span(text="of "), Span(text="May", italic=True)),
        blocks=(
            Block((Span(text="First"),), (Span(text="ann "), Span(text="+10", bold=True))),
            Block((Span(text="Others"),), (Span(text="bob\ncid"),)),
        ),
        image=Image("board.png", b"", "a board"),
        file=Document("board.csv", b"", "text/csv"),
        so_far="/ask",
        buttons=(Button("Next", "/board 2"), Button("Delete", "/drop", Style.DANGER)),
    )

    assert render("→ #general", reply).split("\n") == [
        "→ #general: Board",
        "  of May",
        "  First: ann +10",
        "  Others:",
        "    bob",
        "    cid",
        "  {image board.png}",
        "  {file board.csv}",
        "  {/ask …}",
        "  [Next] [Delete]",
    ]


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ((Span(text="a"), Span(text="/x", code=True), Span(text="b")), "a`/x`b"),
        ((Span(text="/", code=True), Span(text="x", code=True)), "`/x`"),
        ((Span(text="here", link="https://x.y"),), "here (https://x.y)"),
        ((Span(text="https://x.y", link="https://x.y"),), "https://x.y"),
        ((Span(text="bob", mention="discord:7"),), "bob"),
        ((Span(text="b", bold=True), Span(text="i", italic=True)), "bi"),
    ],
)
def test_marks(spans: tuple[Span, ...], shown: str) -> None:
    """Marks are removed; only code keeps its backticks, and a link its address."""

    assert words(spans) == shown


def test_empty() -> None:
    """A reply with buttons only still has a first line."""

    assert render("→ ann (private)", Reply(buttons=(Button("A", "/a"),))) == "→ ann (private):\n  [A]"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred", "\ufffd[31mred"),
        ("a\rb\x07", "a\ufffdb\ufffd"),
        ("a\r\nb", "a\nb"),
        ("\u202egpj.exe", "\ufffdgpj.exe"),
        ("a\u2028b\u0085c", "a\ufffdb\ufffdc"),
        ("\ud800", "\ufffd"),
        ("tab\tbed", "tab bed"),
        ("👩\u200d🚀 é 小", "👩\u200d🚀 é 小"),
    ],
)
def test_harmless(hostile: str, shown: str) -> None:
    """Control codes become replacement marks; text in any language stays as it is."""

    assert harmless(hostile) == shown


@given(st.text())
def test_one_effect(text: str) -> None:
    """Whatever a member wrote, only the first line starts at the margin, and every character can be printed."""
    shown = render("→ #general", Reply(text=(Span(text=text),), buttons=(Button(text, "/x"),)))

    first, *more = shown.split("\n")
    assert first.startswith("→ #general:")
    assert all(line.startswith("  ") or not line for line in more)
    assert not any(each < " " for line in (first, *more) for each in line)
    assert shown.encode()


@pytest.mark.parametrize(
    ("name", "kept"), [("a/../b.png", "b.png"), ("c:\\b.png", "b.png"), ("/", "unnamed"), ("..", "unnamed")]
)
def test_file_name(name: str, kept: str) -> None:
    """The name of a picture or document never leads out of the folder."""

    assert file_name(name) == kept
