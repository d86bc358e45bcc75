"""Questions as Markdown: members' text stays text, and code stays code."""

import re
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.archive import markdown
from adapters.archive.texts import slug
from bot.kit.texts import Catalogue, Spoken
from bot.knowledge.archive.views import PublishedAnswer, PublishedQuestion

ENGLISH = Spoken(Catalogue(), "en")
ANSWER = PublishedAnswer(
    number=4, text="Call `task.cancel()`.", author="Bob", day=date(2026, 3, 2), accepted=True, score=2
)
QUESTION = PublishedQuestion(
    number=3,
    title="How do I cancel a task?",
    text="It runs.\nAnd runs.\n\n```py\nawait task\n```",
    tags=("python", "c++"),
    author=None,
    day=date(2026, 3, 1),
    state="solved",
    answers=(
        ANSWER,
        replace(ANSWER, number=5, author=None, accepted=False, score=-1, text="See https://a.example/b_c."),
    ),
)
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
#: turns any text into one without a backtick
TEXT = {"text", "text_special", "hardbreak", "link_open", "link_close"}
#: all that means something to Markdown, and what may stand around it
HOSTILE = st.text(st.sampled_from([*"\\`*_{}[]()<>#+-.!|~&$^=:'\"/ \t\n\r1a茶"]), max_size=60) | st.text()


def parsed(text: str) -> list[Token]:
    return PARSER.parse(text.partition("\n---\n")[2])


def test_a_question_is_a_file() -> None:
    """A file has the question's facts at the top and its answers below."""
    assert markdown.render(QUESTION, ENGLISH) == (
        '---\nnumber: 3\ntitle: "How do I cancel a task?"\nstate: solved\ntags: ["python", "c++"]\nasked: 2026-03-01\n'
        "---\n\n# How do I cancel a task?\n\nAsked on March 1, 2026.\n\nIt runs.\\\nAnd runs.\n\n```py\nawait task\n"
        "```\n\n## ✅ Answer 4 · Bob · March 2, 2026 · 👍 2\n\nCall `task.cancel()`.\n"
        "\n## Answer 5 · March 2, 2026 · 👍 -1\n\nSee <https://a.example/b_c>.\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "# no heading", "no heading\n===", "no heading\n---", "- no list", "1. no list", "+ no", "> no quote", "***",
        "<script>alert(1)</script>", "[no](javascript:alert(1))", "![no](https://a.example)", "**no** _no_ ~~no~~",
        "a | b\n--- | ---\n1 | 2", "&lt;b&gt; &#35;", "    no code", "\tno code", "[a]: https://a.example", "\\", "a\\",
        "no  \nbreak", "[^1]: note", "$x$", ":-: no", "`no code", "``` no\nfence", "~~~\nno fence\n~~~",
        "<https://a.example", "a\r# b",
    ],
)  # fmt: skip
def test_text_stays_text(text: str) -> None:
    """Text becomes nothing else, and keeps its words."""
    tokens = parsed(markdown.render(replace(QUESTION, text=text, answers=()), ENGLISH))

    kinds = {each.type for each in tokens} - {"heading_open", "heading_close"}
    assert kinds == {"paragraph_open", "inline", "paragraph_close"}
    assert {child.type for each in tokens for child in each.children or []} <= TEXT
    assert said(tokens[6:]) == bare(text)


@given(HOSTILE, HOSTILE)
def test_nothing_in_a_text_is_obeyed(text: str, title: str) -> None:
    """No text is read as markup, in a title, a question or an answer."""
    title = " ".join(title.split()) or "?"
    question = replace(QUESTION, title=title, text=text.replace("`", ""), answers=(replace(ANSWER, text=text),))
    tokens = parsed(markdown.render(question, ENGLISH))

    assert [each.tag for each in tokens if each.type == "heading_open"] == ["h1", "h2"]
    assert said(tokens[:3]) == bare(title)
    kinds = {"heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "fence"}
    assert {each.type for each in tokens} <= kinds
    assert {child.type for each in tokens for child in each.children or []} <= TEXT | {"code_inline"}
    answer = next(place for place, each in enumerate(tokens) if each.tag == "h2")
    assert said(tokens[6:answer]) == bare(text.replace("`", ""))


@pytest.mark.parametrize("code", ["a\n\n# b", "`` x", "    x", "</pre>", "~~~\nx", "- x\n\n\n- y", "\\", "x```` `"])
def test_code_stays_code(code: str) -> None:
    """Code keeps every letter, and its language."""
    text = f"Look:\n```py\n{code}\n```\nDone." if "```" not in code else f"`{code.replace('`', '')}`"
    tokens = parsed(markdown.render(replace(QUESTION, text=text, answers=()), ENGLISH))

    found = [each.content.rstrip("\n") for each in tokens if each.type == "fence"]
    found += [child.content for each in tokens for child in each.children or [] if child.type == "code_inline"]
    assert found == [code if "```" not in code else code.replace("`", "")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("How do I cancel a task?", "3-how-do-i-cancel-a-task.md"),
        ("如何取消订阅？", "3-如何取消订阅.md"),
        ("../../etc/passwd", "3-etc-passwd.md"),
        ("C:\\con\\nul.txt", "3-c-con-nul-txt.md"),
        ("??", "3-question.md"),
        ("x" * 150, f"3-{'x' * 60}.md"),
        ("Ａ ﬁ", "3-a-fi.md"),
    ],
)
def test_files_are_named_by_number_and_title(title: str, name: str) -> None:
    """No title can lead to another folder, or make the name too long."""
    assert markdown.name(replace(QUESTION, title=title)) == name


@given(st.text())
def test_a_name_is_a_name(title: str) -> None:
    """A name has letters, digits and dashes, is short enough for every file system, and is recognised as ours."""
    name = markdown.name(replace(QUESTION, title=title))

    assert PurePosixPath(name).name == name
    assert len(name.encode()) <= 255
    assert re.fullmatch(r"3-[\w-]+\.md", name)
    assert markdown.OURS.fullmatch(name)
    assert slug(title) == slug(title).strip("-")


@given(st.text(max_size=60), st.text(max_size=20))
def test_facts_stay_on_their_lines(title: str, author: str) -> None:
    """No fact ends the front matter or adds to it."""
    text = markdown.render(replace(QUESTION, title=title, author=author), ENGLISH)
    lines = re.split(r"[\r\n\u2028\u2029\x85\x0b\x0c]", text.partition("\n# ")[0])

    assert [line.partition(":")[0] for line in lines if line] == [
        "---", "number", "title", "state", "tags", "asked", "author", "---",
    ]  # fmt: skip


def said(tokens: list[Token]) -> str:
    """The text a reader reads, however its lines are broken."""
    texts = [child.content for each in tokens for child in each.children or []]
    return bare("".join([*texts, *(each.content for each in tokens if each.type == "fence")]))


def bare(text: str) -> str:
    return "".join(text.replace("\0", "\ufffd").split())
