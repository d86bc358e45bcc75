"""What a question lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.coaching.rules import advice, says_nothing
from models.questions import Question


def asked(title: str, body: str = "") -> Question:
    ids = {"community_id": 1, "number": 2, "id": 3, "asker_id": 4, "place_id": 5}
    return Question(**ids, title=title, body=body, tags="", asked_at=6, state="open")


@pytest.mark.parametrize(
    ("title", "body", "pictured", "lacks"),
    [
        ("How do I cancel a task in asyncio?", "", False, []),
        ("怎么取消 asyncio 的任务？", "", False, []),
        ("Where is the tea kept?", "", False, []),
        ("Please help!!!", "", False, ["title"]),
        ("It doesn’t work", "I press the kettle's button and nothing happens.", False, ["title"]),
        ("求助，大佬们", "", False, ["title"]),
        ("报错了怎么办？", "安装 numpy 时出错", False, ["title", "code"]),
        ("tea pot", "", False, ["title"]),
        ("tea pot", "Where do we keep the large one?", False, []),
        ("Why does numpy raise an exception?", "", False, ["code"]),
        ("Why does numpy raise an exception?", "```\nnumpy.array(\n```", False, []),
        ("Why does `numpy.array(` raise an exception?", "", False, []),
        ("我的脚本为什么崩溃？", "", False, ["code"]),
        ("Where are the terrors of the deep?", "", False, []),
        ("Why does numpy raise an exception?", "", True, ["picture"]),
        ("Which of these teas is green?", "x" * 80, True, []),
        ("Which of these teas is green?", "", True, ["picture"]),
        ("help", "", True, ["title", "picture"]),
    ],
)
def test_what_a_question_lacks(title: str, body: str, pictured: bool, lacks: list[str]) -> None:
    """A subject in the title, code where it speaks of code, and words where there is a picture."""
    assert advice(asked(title, body), pictured) == lacks


@given(st.text(max_size=150), st.text(max_size=300), st.booleans())
def test_any_text_is_looked_at(title: str, body: str, pictured: bool) -> None:
    """No text breaks it, and one with words and code lacks nothing."""
    advice(asked(title, body), pictured)

    assert advice(asked(f"Why does numpy {title}", f"{'x' * 80}{body}\n```\nx\n```"), pictured) == []


def test_a_title_that_could_be_read_in_many_ways() -> None:
    """It is matched in one way only."""
    assert says_nothing("有人吗" * 50)
    assert not says_nothing("有人吗" * 49 + "茶")


@given(st.lists(st.sampled_from(["help", "Please", "it", "doesn't", "WORK", "求助", "怎么办", "!", "🙏"]), max_size=9))
def test_a_cry_for_help_says_nothing(words: list[str]) -> None:
    """In any order of its words; one more word says something."""
    assert says_nothing(" ".join(words))
    assert not says_nothing(" ".join([*words, "kettle"]))
