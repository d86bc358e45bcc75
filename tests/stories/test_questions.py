"""A question is asked, answered and solved, and the next member with it finds it."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "title", "ask", "helps", "solved", "told", "before", "solves", "glad"),
    [
        (
            "en",
            "How do I cancel a task in asyncio?",
            "Cancelling asyncio tasks",
            "does it help?",
            "is solved by answer 2 of bob.",
            "was accepted: +15 points.",
            "does one of these have the answer?",
            "Yes, 1 answers it",
            "I posted nothing.",
        ),
        (
            "zh-CN",
            "怎么取消 asyncio 的任务？",
            "asyncio 取消任务",
            "这有帮助吗？",
            "已采纳 bob 的回答 2。",
            "被采纳了：+15 积分。",
            "下面有你要的答案吗？",
            "问题 1 已经解答了",
            "我没有发布你的问题。",
        ),
    ],
)
async def test_a_question_is_answered(
    stage: Stage,
    language: str,
    title: str,
    ask: str,
    helps: str,
    solved: str,
    told: str,
    before: str,
    solves: str,
    glad: str,
) -> None:
    """Everybody sees both; the author hears of the points, and a member who asks again is shown the answer."""
    owner = await stage.admin("owner")
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await owner.says(f"/settings set community.language {language}")
    for each in (ann, bob, cat):
        await each.says(f"/language {language}")

    await ann.says(f"/ask {title}")
    assert bob.hears(f"1 · {title}")
    await bob.says("/answer 1 Call `task.cancel()` and await it.")
    assert ann.hears("task.cancel()")
    assert ann.hears(helps)
    await cat.presses("👍 2")
    await ann.presses("Accept 2" if language == "en" else "采纳 2")
    assert cat.hears(solved)
    assert bob.hears(told)

    await cat.says(f"/ask {ask}")
    assert cat.hears(before)
    assert not ann.hears(title)
    await cat.presses(solves)
    assert cat.hears(glad)
    await cat.says("/find asyncio")
    assert cat.hears(title)


async def test_a_question_is_answered_in_a_form_or_a_reply(stage: Stage) -> None:
    """Where there are forms the button opens one; elsewhere the bot asks for the text, and a reply brings it."""
    ann, bob = await stage.members("ann", "bob")
    await ann.says("/ask Where is the tea kept?")

    await bob.presses("Answer")
    await bob.answers("In the kitchen, beside the kettle.")

    assert ann.hears("In the kitchen, beside the kettle.")
    await ann.says("/question delete 1")
    assert ann.hears("so it stays for others with the same question")
    await ann.says("/question close 1")
    assert bob.hears("Question 1 (Where is the tea kept?) is closed.")
    await bob.says("/answer 1 And the sugar too.")
    assert bob.hears("Question 1 is closed.")
