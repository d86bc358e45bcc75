"""Members offer help, and questions come to them."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "ask", "take", "on_it", "yours", "fine"),
    [
        ("en", "Do you know it?", "I take it", "cat is working on question 1", "is yours until", "to others"),
        ("zh-CN", "你知道答案吗？", "我来答", "cat 正在处理问题 1", "由你处理", "留给别人"),
    ],
)
async def test_a_helper_takes_a_question(
    stage: Stage, language: str, ask: str, take: str, on_it: str, yours: str, fine: str
) -> None:
    """Half an hour after it was asked, in private; others see the claim, until the helper gives it back."""
    owner = await stage.admin("owner")
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    await owner.says(f"/settings set community.language {language}")
    for each in (ann, bob, cat):
        await each.says(f"/language {language}", private=True)
    await cat.says("/helper on asyncio 2")
    await ann.says("/ask Why does my loop hang? #asyncio")

    await stage.passes(minutes=31)
    assert cat.hears(ask)
    assert not bob.hears(ask)
    await cat.presses(take)
    assert cat.hears(yours)
    assert ann.hears(on_it)
    await stage.passes(hours=3)
    assert not bob.hears("1 ·")
    await cat.says("/helper pass 1")
    assert cat.hears(fine)
    await cat.says("/question unclaim 1")
    assert bob.hears("1 · Why does my loop hang?")
    await bob.says("/question claim 1")
    assert ann.hears("bob")


async def test_a_helper_sees_what_they_may_know(stage: Stage) -> None:
    """By their tags; they also decide when they are asked."""
    ann, bob = await stage.members("ann", "bob")
    await ann.says("/ask Why does my loop hang? #asyncio")

    await bob.says("/helper on asyncio 2")
    assert bob.hears("are about #asyncio.")
    await bob.says("/helper quiet 20 9")
    assert bob.hears("Not between 20:00 and 9:00 in UTC.")
    await bob.says("/questions forme")
    assert bob.hears("Why does my loop hang?")
    assert not ann.hears("Why does my loop hang?")
    await bob.says("/helper off")
    assert bob.hears("I will not ask you any more.")
    await bob.says("/helper status")
    assert bob.hears("I do not ask you")
