"""A message becomes a question where it was written."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "message", "posted", "asks", "told", "before"),
    [
        (
            "en",
            "How do I cancel a task in asyncio?\nIt never ends. #python",
            "1 · How do I cancel a task in asyncio?",
            "ann asks.",
            "Staff made your message question 1",
            "does one of these have the answer?",
        ),
        (
            "zh-CN",
            "怎么取消 asyncio 的任务？\n它一直不结束。 #python",
            "1 · 怎么取消 asyncio 的任务？",
            "ann 提问",
            "管理人员把你的消息设为了问题 1",
            "下面有你要的答案吗？",
        ),
    ],
)
async def test_a_message_becomes_a_question(
    stage: Stage, language: str, message: str, posted: str, asks: str, told: str, before: str
) -> None:
    """Its author is the asker, even if staff did it; a member who asks the same later sees it first."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says(f"/settings set community.language {language}")
    for each in (owner, ann, bob):
        await each.says(f"/language {language}")
    await ann.says(message)

    await owner.uses("ask", on=ann)
    assert bob.hears(posted)
    assert bob.hears(asks)
    assert ann.hears(told)

    await bob.says(message)
    await bob.uses("ask", on=bob)
    assert bob.hears(before)
    assert not ann.hears(before)


async def test_what_is_no_question_is_refused(stage: Stage) -> None:
    """Another member's message, and one that says nothing."""
    ann, bob = await stage.members("ann", "bob")
    await ann.says("Where is the tea kept?")

    await bob.uses("ask", on=ann)
    assert bob.hears("Only its author and staff can make it a question.")
    await bob.says("?!")
    await bob.uses("ask", on=bob)
    assert bob.hears("say in a few words what it is about.")
