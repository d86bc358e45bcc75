"""Questions that wait again after an answer was taken back."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "call", "lapsed", "again"),
    [
        ("en", "still waits for an answer", "Your day on question", "somebody else's turn"),
        ("zh-CN", "还在等回答", "已满一天", "该让别人试试了"),
    ],
)
async def test_an_answer_is_taken_back(stage: Stage, language: str, call: str, lapsed: str, again: str) -> None:
    """Everybody is called to the question again, and a member who takes it has one day."""
    owner = await stage.admin("owner")
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await owner.says(f"/settings set community.language {language}")
    for each in (ann, bob, cat):
        await each.says(f"/language {language}", private=True)
    await ann.says("/ask Why does my loop hang?")
    await bob.says("/answer 1 Await it, then it goes on.")
    await bob.says("/retract 2")

    await stage.passes(hours=3)
    assert cat.hears(call)
    await bob.says("/question claim 1")
    await stage.passes(hours=24)
    assert bob.hears(lapsed)
    await bob.says("/question claim 1")
    assert bob.hears(again)
