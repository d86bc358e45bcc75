"""What a question consists of, its state, and how near it is to another."""

from dataclasses import replace
from math import isclose

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.kit import OptionRefused
from bot.kit.terms import asked_terms
from bot.knowledge.questions.rules import (
    BODY,
    LIKE,
    TAG,
    TAGS,
    TITLE,
    likeness,
    preferred,
    rarest,
    read_draft,
    read_tag,
    says_something,
    spoken,
    state_of,
    weigh,
)
from models.questions import Answer, Found, Question

ANSWER = Answer(community_id=1, number=2, question=1, author_id=3, body="So.", answered_at=5)
QUESTION = Question(
    community_id=1, number=1, id=1, asker_id=2, place_id=3, title="Why?", body="", tags="", asked_at=4, state="open"
)


@pytest.mark.parametrize(
    ("typed", "title", "body", "tags"),
    [
        ("How do I cancel a task?", "How do I cancel a task?", "", ""),
        ("Cancel a task?\nI tried\n  this", "Cancel a task?", "I tried\n  this", ""),
        ("Cancel a task? #Python #asyncio", "Cancel a task?", "", "python asyncio"),
        ("Cancel a #python task?", "Cancel a #python task?", "", "python"),
        ("Cancel a task?\nSee issue #12 in C#\n#c++ #Ｎode.js", "Cancel a task?", "See issue #12 in C#", "c++ node.js"),
        ("Why use `#define`?\n```\n#include x\n```", "Why use `#define`?", "```\n#include x\n```", ""),
        ("怎么取消任务？ #异步", "怎么取消任务？", "", "异步"),
        ("  a   b  c d  ", "a b c d", "", ""),
        ("user\u202egnp.exe \u200bfails", "usergnp.exe fails", "", ""),
        ("@everyone <b>why</b>?", "@everyone <b>why</b>?", "", ""),
    ],
)
def test_one_text_is_a_question(typed: str, title: str, body: str, tags: str) -> None:
    """Its first line is the title, the rest is details, and hashtags are tags; code stays as it is."""
    draft = read_draft(typed)

    assert (draft.title, draft.body, draft.tags) == (title, body, tags)


def test_a_form_gives_all_parts() -> None:
    """Then line breaks in the title become blanks, and tags may be typed in any form."""
    draft = read_draft("Cancel\na task?", "I tried. #asyncio", "Python, #async-io；PYTHON")

    assert (draft.title, draft.body, draft.tags) == ("Cancel a task?", "I tried.", "python async-io asyncio")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("It fails. " + "Then more words come " * 10, "It fails."),
        ("word " * 60, ("word " * 30).strip() + "…"),
        ("任" * 200, "任" * TITLE + "…"),
        ("失败了。" + "更多" * 100, "失败了。"),
    ],
)
def test_a_long_title_becomes_details(typed: str, title: str) -> None:
    """Its first sentence stays, or as much as fits; nothing is lost."""
    draft = read_draft(typed)

    assert draft.title == title
    assert draft.body == typed.strip()


@pytest.mark.parametrize(
    "typed", ["", " ", "🙂", "?!", "a b", "`code()` it", "```\ncode\n```", "#python #asyncio", "\u200b" * 9]
)
def test_too_little_is_refused(typed: str) -> None:
    """Signs, pictures, tags and code alone say nothing that others could answer."""
    with pytest.raises(OptionRefused) as refused:
        read_draft(typed)

    assert (refused.value.option, refused.value.path) == ("title", "question.few")


def test_too_much_is_refused() -> None:
    """Six tags, or endless details."""
    with pytest.raises(OptionRefused) as refused:
        read_draft("How come?", tags="a b c d e f")
    assert (refused.value.option, refused.value.path) == ("tags", "question.tags")

    with pytest.raises(OptionRefused) as refused:
        read_draft("word " * 60, "x" * (BODY - 9))
    assert (refused.value.option, refused.value.path) == ("details", "refusal.length")


@given(st.text(max_size=300), st.text(max_size=60))
@example("0000", ":#")
def test_whatever_is_read_can_be_kept(typed: str, tags: str) -> None:
    """It fits into the tables, and every tag reads as itself."""
    try:
        draft = read_draft(typed, tags=tags)
    except OptionRefused:
        return

    assert 0 < len(draft.title) <= TITLE + 1
    assert len(draft.tags.split()) <= TAGS
    assert all(read_tag(tag) == tag and len(tag) <= TAG for tag in draft.tags.split())
    assert says_something(draft.title)


@pytest.mark.parametrize(
    ("answers", "state"),
    [([], "open"), ([ANSWER], "answered"), ([ANSWER, replace(ANSWER, accepted_at=6)], "solved")],
)
def test_states(answers: list[Answer], state: str) -> None:
    """An accepted answer solves it, whatever the others are."""
    assert state_of(answers) == state


def test_the_rarest_terms_come_first() -> None:
    """Terms in no text would find none, so they are not among those counted."""
    assert rarest({"task": 9, "asyncio": 1, "cancel": 3, "await": 1}, 3) == ["asyncio", "await", "cancel"]
    weights = weigh({"task": 9, "asyncio": 1}, 10)
    assert weights.unknown >= weights.known["asyncio"] > weights.known["task"] > 0


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("How do I cancel a task in asyncio?", "Cancelling asyncio tasks", True),
        ("如何取消异步任务", "异步任务如何取消", True),
        ("怎么安装 numpy", "numpy 安装失败", True),
        ("How do I cancel a task in asyncio?", "Where is the tea kept?", False),
        ("如何取消任务", "明天的活动在哪里", False),
    ],
)
def test_likeness(one: str, other: str, like: bool) -> None:
    """High for the same question in other words and forms, low for another subject."""
    counted = dict.fromkeys([*asked_terms(one), *asked_terms(other)], 2)

    assert (likeness(one, other, weigh(counted, 20)) >= LIKE) is like


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_is_nearer_than_itself(text: str, other: str) -> None:
    """From 0 to 1, the same both ways, and 1 for the same text."""
    weights = weigh(dict.fromkeys(asked_terms(text)[::2], 3), 9)

    assert 0 <= likeness(text, other, weights) <= 1
    assert isclose(likeness(text, other, weights), likeness(other, text, weights))
    assert 0 <= spoken(text, other, weights) <= 1 + 1e-9
    if asked_terms(text):
        assert isclose(likeness(text, text, weights), 1)
        assert isclose(spoken(text, f"{other} {text}", weights), 1)


def test_what_is_solved_is_preferred() -> None:
    """Among equally near ones; votes count, but never more than nearness."""
    solved = replace(QUESTION, state="solved")

    assert preferred(Found(solved, 1, 0), 0.5) > preferred(Found(QUESTION, 1, 0), 0.5)
    assert preferred(Found(QUESTION, 1, 3), 0.5) > preferred(Found(QUESTION, 1, 0), 0.5)
    assert preferred(Found(QUESTION, 1, 0), 0.95) > preferred(Found(solved, 1, 999), 0.5)
