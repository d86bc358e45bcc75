"""Which messages answer a question, who is glad, and what the place of a question is called."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.questions.rules import MARKS
from bot.knowledge.threads.rules import Likely, Line, is_glad, is_own_fix, judge, named
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


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("Use asyncio.timeout: cancel the task, then await it, so that it can clean up.", Likely.SURE),
        ("先取消任务，然后等待它结束，这样它就能在退出之前做完清理工作", Likely.SURE),
        ("Try this:\n```python\ntask.cancel()\n```", Likely.SURE),
        ("pip install -U aiohttp 就行", Likely.SURE),
        ("Which version is that?", Likely.NO),
        ("哪个版本？", Likely.NO),
        ("Can you post the full stack trace please?", Likely.NO),
        ("把日志发一下看看", Likely.NO),
        ("same here", Likely.NO),
        ("同问", Likely.NO),
        ("I had that last week too, it drove me mad", Likely.NO),
        ("", Likely.NO),
        ("👍" * 100, Likely.NO),
        ("!" * 4000, Likely.NO),
        ("\u202eSee \u200bbelow\x00 ", Likely.NO),
    ],
)  # fmt: skip
def test_advice_is_an_answer(text: str, likely: Likely) -> None:
    """But a question back, a wish for a log, company in misery and hardly a letter are none, in either language."""
    assert judge(Line(text=text, first=True, after_asker=True)) is likely


@pytest.mark.parametrize(
    ("text", "glad"),
    [
        *[(each, True) for each in ("Thanks, that worked!", "that fixed it", "It works now", "got it, thank you")],
        *[(each, True) for each in ("Found it, was my config", "谢谢，解决了！", "搞定", "问题已解决", "明白了，谢谢")],
        *[(each, False) for each in ("", "Will try, thanks", "thanks but it still fails", "thanks anyway")],
        *[(each, False) for each in ("I'll check it out, thx", "试试", "谢谢，但是还是报错", "没解决", "我去改改看")],
        *[(each, False) for each in ("Has that worked for you?", "thanks for nothing", "还是不管用")],
    ],
)  # fmt: skip
def test_who_is_glad(text: str, glad: bool) -> None:
    """Who thanks or says that it works; not who means to try it, or thanks but."""
    assert is_glad(Line(text=text)) is glad


@pytest.mark.parametrize(
    ("text", "own"),
    [
        *[(each, True) for each in ("Found it, was my config", "turned out to be a typo", "是我自己配置错了")],
        *[(each, False) for each in ("It works now", "谢谢，解决了")],
    ],
)
def test_who_found_it_themselves(text: str, own: bool) -> None:
    """Their own fix is worth posting."""
    assert is_own_fix(text) is own


@given(st.text(max_size=2000))
def test_any_text_is_judged(text: str) -> None:
    """Whatever is said."""
    line = Line(text=text)

    assert judge(line) in Likely
    assert is_glad(line) in (True, False)


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
