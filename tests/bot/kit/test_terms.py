"""Texts are cut into terms by which they are found."""

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.terms import MOST, WORD, asked_terms, spelt, stem, terms


@pytest.mark.parametrize(
    ("text", "kept", "asked"),
    [
        ("How do I cancel tasks?", ["how", "do", "i", "cancel", "task"], ["cancel", "task"]),
        ("如何取消 asyncio 任务", ["如何", "何取", "取消", "消", "asyncio", "任务", "务"],
         ["如何", "何取", "取消", "asyncio", "任务"]),
        ("字", ["字"], ["字"]),
        ("C, C++ and C#", ["c", "cplusplus", "and", "csharp"], ["c", "cplusplus", "csharp"]),
        ("who are you", ["who", "are", "you"], ["who", "are", "you"]),
        ("snake_case asyncio.gather", ["snak", "case", "asyncio", "gather"], ["snak", "case", "asyncio", "gather"]),
        ("ＡＢＣ１ Größe naïve", ["abc1", "gross", "naiv"], ["abc1", "gross", "naiv"]),
        ("任务task任务", ["任务", "务", "task", "任务", "务"], ["任务", "task"]),
        ("🙂 '\"*()", [], []),
        ("x" * 50, ["x" * WORD], ["x" * WORD]),
    ],
)  # fmt: skip
def test_terms(text: str, kept: list[str], asked: list[str]) -> None:
    """Words, and pairs of characters where there are no blanks; frequent words are not searched for."""
    assert terms(text) == kept
    assert asked_terms(text) == asked


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("class", "classes"), ("match", "matches"), ("index", "indexes"), ("cache", "caches"), ("query", "queries"),
        ("task", "tasks"), ("node", "nodes"), ("process", "processes"), ("bus", "bus"), ("tree", "trees"),
    ],
)  # fmt: skip
def test_plurals(one: str, many: str) -> None:
    """They are found by their singular, and the other way round."""
    assert stem(one) == stem(many)


@given(st.text(max_size=200))
def test_what_is_asked_for_is_among_what_is_kept(text: str) -> None:
    """So every text is found by itself; and no term has a sign that an index would cut at or interpret."""
    assert set(asked_terms(text)) <= set(terms(text))
    assert all(term.isascii() <= term.isalnum() for term in terms(text))
    assert all(0 < len(term) <= WORD + len("plusplus") for term in terms(text))


def test_a_long_text_has_an_end() -> None:
    """Words after its limit are not found."""
    assert len(terms("task " * 5000)) == MOST
    assert len(terms("任" * 5000)) == MOST


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Which Classes cache C++?", {"class": "classes", "cach": "cache", "cplusplus": "c++"}),
        ("如何取消", {"如何": "如何", "何取": "何取", "取消": "取消"}),
        ("the", {"the": "the"}),
        ("", {}),
    ],
)
def test_terms_are_shown_as_they_were_spelt(text: str, found: dict[str, str]) -> None:
    """So that an index of words can be read."""
    assert spelt(text) == found


def test_letters_that_become_many_cost_no_more() -> None:
    """Only the beginning of a text is folded: what is cut off costs nothing."""
    heavy = "\ufdfa" * 4_000

    def seconds(text: str) -> float:
        return min(timeit.repeat(lambda: terms(text), number=1, repeat=5))

    assert seconds(heavy * 900) < 3 * seconds(heavy)
    assert seconds(heavy) < 40 * seconds("some words of a member " * 174)
