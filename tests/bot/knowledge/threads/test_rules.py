"""Which messages are answers by themselves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.questions.rules import MARKS
from bot.knowledge.threads.rules import is_answer, is_glad, named, size
from models.questions import Question

ASKED = Question(
    community_id=1,
    number=12,
    id=1,
    asker_id=1,
    place_id=1,
    title="Where is the tea kept?",
    body="",
    tags="",
    asked_at=0,
    state="solved",
)
LONG = "Cancel the task, then await it, so that it can clean up after itself before it ends. "


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (LONG, True),
        ("先取消任务，然后等待它结束，这样它就能在退出之前做完清理工作，不会出错", True),
        ("Like so:\n```python\ntask.cancel()\n```", True),
        ("Like so: `task.cancel()`", False),
        ("```python\ntask.cancel()\n```", False),
        ("Like so: ``` ```", False),
        ("Which version is that?", False),
        ("哪个版本？", False),
        ("", False),
        ("👍" * 100, False),
        ("!" * 4000, False),
        ("https://example.org/" + "%20" * 50, True),
        ("\u202eSee \u200bbelow\x00 ", False),
    ],
)  # fmt: skip
def test_long_ones_and_those_with_code(text: str, answer: bool) -> None:
    """But not code alone, or a text with hardly a letter."""
    assert is_answer(text, 60) is answer


@given(st.text(max_size=300))
def test_none_where_it_is_switched_off(text: str) -> None:
    """And for any required length, more letters never turn an answer into a comment."""
    assert not is_answer(text, 0)
    assert size(text) <= 2 * len(text)
    assert not is_answer(text, 60) or is_answer(f"{text}\n{LONG}", 60)


@pytest.mark.parametrize(
    ("text", "glad"),
    [
        *[(each, True) for each in ("Thanks, that worked!", "that fixed it", "It works now", "Problem solved.")],
        *[(each, True) for each in ("谢谢，解决了！", "搞定", "这个办法很管用")],
        *[(each, False) for each in ("", "That never worked", "没解决", "Has that worked for you?")],
        *[(each, False) for each in ("thanks for nothing", "还是不管用", "x" * 400 + " that worked")],
    ],
)  # fmt: skip
def test_who_is_glad(text: str, glad: bool) -> None:
    """In either language, within the first words."""
    assert is_glad(text) is glad


@pytest.mark.parametrize(
    ("state", "called", "name"),
    [
        ("solved", "Tea", "✅ Tea"),
        ("solved", "❓ Tea", "✅ Tea"),
        ("open", "✅ Tea ✅", "❓ Tea ✅"),
        ("closed", "❓✅ 💬\ufe0f  Tea", "🔒 Tea"),
        ("deleted", "❓ Tea", "Tea"),
        ("answered", "❓ 12 · Whatever", "💬 12 · Where is the tea kept?"),
        ("duplicate", "12 apples", "🔁 12 apples"),
        ("stale", "12 · ", "💤 12 · Where is the tea kept?"),
        ("open", "1 · Tea", "❓ 1 · Tea"),
        ("solved", "✅", "✅ Where is the tea kept?"),
        ("deleted", "", "Where is the tea kept?"),
        ("solved", "❔ Tea", "✅ ❔ Tea"),
        ("solved", "<b>@everyone</b>", "✅ <b>@everyone</b>"),
        ("solved", "t" * 98, "✅ " + "t" * 98),
        ("solved", "t" * 99, "✅ " + "t" * 97 + "…"),
    ],
)
def test_what_a_place_is_called(state: str, called: str, name: str) -> None:
    """The mark comes before its name; a name in our form follows the question."""
    assert named(replace(ASKED, state=state), called, "12 ·") == name


@given(st.text(max_size=4000), st.sampled_from(list(MARKS)), st.sampled_from(list(MARKS)))
def test_a_name_changes_no_more_than_its_mark(called: str, first: str, then: str) -> None:
    """It is never too long, and a second look changes nothing."""
    once = named(replace(ASKED, state=first), called, "12 ·")
    assert 0 < len(once) <= 100
    again = named(replace(ASKED, state=then), once, "12 ·")
    assert again.startswith(MARKS[then])
    assert named(replace(ASKED, state=then), again, "12 ·") == again
