"""Which messages are answers by themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.threads.rules import is_answer, is_glad, size

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
    """But not what is code alone, or has hardly a letter."""
    assert is_answer(text, 60) is answer


@given(st.text(max_size=300))
def test_none_where_it_is_switched_off(text: str) -> None:
    """And with any number of letters wanted, more letters never make less of an answer."""
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
    """In either language, and in one's first words."""
    assert is_glad(text) is glad
