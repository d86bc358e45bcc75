"""Members earn points, ask about them, and see what administrators do with them."""

import pytest

from tests.stories.stage import Stage


async def test_taking_part_earns(stage: Stage) -> None:
    """A member who says something gets a point, and everybody may see it."""
    ann, bob = await stage.members("ann", "bob")

    await bob.says("/points show @ann")

    assert bob.hears("has 1 point to spend. Score: 1.")
    assert ann.hears("Earned today: 1 of 200.")


async def test_a_gift_is_heard_and_taken_back(stage: Stage) -> None:
    """Everybody sees the gift; one press takes it back, and the member is told."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")

    await owner.says("/points give @ann 50 for the workshop")
    assert bob.hears("ann gets 50 points: for the workshop")

    await owner.presses("Undo")
    assert owner.hears(": −50, now 1.")
    assert ann.hears("An administrator took an entry back, which changes your points by −50.")
    assert not bob.hears("−50")


async def test_what_is_taken_is_explained(stage: Stage) -> None:
    """Only the member hears why; nobody can be taken more than they have."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")

    await owner.says("/points take @ann 2 too loud")
    assert owner.hears("has only 1 point.")

    await owner.says("/points take @ann 1 too loud")
    assert ann.hears("An administrator took 1 point from you: too loud")
    assert not bob.hears("too loud")


@pytest.mark.parametrize(
    ("language", "has", "told", "undone"),
    [
        ("en", "ann has 40 points now (+39): as it was", "took 40 points from you: a mistake", "+40, now 40."),
        ("zh-CN", "ann 现在有 40 积分（+39）：as it was", "扣除了你 40 积分：a mistake", "+40，现有 40。"),
    ],
)
async def test_points_are_set(stage: Stage, language: str, has: str, told: str, undone: str) -> None:
    """The administrator sees the difference; a member who loses points is told; one press takes it back."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    for each in (owner, ann):
        await each.says(f"/language {language}")

    await owner.says("/points set @ann 40 as it was")
    assert owner.hears(has)
    assert not bob.hears("40")
    await owner.says("/points set @ann 0 a mistake")
    assert ann.hears(told)

    await owner.presses("Undo" if language == "en" else "撤回")
    assert owner.hears(undone)


async def test_the_history_is_private(stage: Stage) -> None:
    """Each entry says what it was for."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 50 for the workshop")

    await ann.says("/points history")

    assert ann.hears("+50 · given by an administrator")
    assert ann.hears("+1 · a message")
    assert not bob.hears("+50 ·")
    await bob.says("/points history @ann")
    assert bob.hears("You can see your own entries.")
    await owner.says("/points history @ann")
    assert owner.hears("Points of ann, entry by entry")
    assert owner.hears("+50 · given by an administrator")


async def test_only_administrators_give(typed_stage: Stage) -> None:
    """Everybody else is told so."""
    ann, _ = await typed_stage.members("ann", "bob")

    await ann.says("/points give @bob 50 because")

    assert ann.hears("Only administrators can do this. Ask one of them.")


@pytest.mark.parametrize(
    ("language", "level", "rank"),
    [
        ("en", "is on level 1. Score: 170.", "Rank 1 of 2."),
        ("zh-CN", "现在 1 级。总分：170。", "第 1 名，共 2 人。"),
    ],
)
async def test_a_level_is_reached(stage: Stage, language: str, level: str, rank: str) -> None:
    """/rank tells the level, the way to the next, and the rank, in the member's language."""
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")
    await owner.says("/points give @ann 169 for the tea")
    await ann.says(f"/language {language}")

    await ann.says("/rank")

    assert ann.hears(level)
    assert ann.hears("▰▰▰▰▰▰▰▱▱▱")
    assert ann.hears(rank)


async def test_points_speak_chinese(stage: Stage) -> None:
    """The whole story once more in Simplified Chinese."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    for each in (owner, ann, bob):
        await each.says("/language zh-CN")

    await owner.says("/points give @ann 50 感谢组织工作坊")
    assert bob.hears("ann 获得 50 积分：感谢组织工作坊")
    await ann.says("/points show")
    assert ann.hears("有 51 积分可用。总分：51。")
    await ann.says("/points history")
    assert ann.hears("+50 · 管理员赠予")


@pytest.mark.words
async def test_repetition_earns_nothing(stage: Stage) -> None:
    """In other signs too; an administrator may allow it."""
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")
    for said in ("有人一起去喝茶吗？下午三点在老地方见。", "有人一起去喝茶吗，下午三点在老地方见！"):
        await stage.passes(minutes=2)
        await ann.says(said)
    await ann.says("/points show")
    assert ann.hears("Score: 2.")

    await owner.says("/settings set points.similarity 0")
    await stage.passes(minutes=2)
    await ann.says("有人一起去喝茶吗？下午三点在老地方见。")
    await ann.says("/points show")
    assert ann.hears("Score: 3.")


@pytest.mark.parametrize(
    ("language", "today", "later", "reset"),
    [
        ("en", "From answers 5, messages 1.", "From answers 10, messages 1.", "is back to its default, 50."),
        ("zh-CN", "来源：回答 5、发言 1。", "来源：回答 10、发言 1。", "已恢复默认值 50。"),
    ],
)
async def test_what_members_bring_each_other(stage: Stage, language: str, today: str, later: str, reset: str) -> None:
    """Earnings are told by source; a vote that stands is worth what it says; the limits are settings."""
    owner = await stage.admin("owner")
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    for each in (owner, ann, bob, cat):
        await each.says(f"/language {language}")
    await ann.says("/ask How do I cancel a task in asyncio?")
    await bob.says("/answer 1 Call `task.cancel()` and await it.")
    await bob.says("/points show")
    assert bob.hears(today)

    for vote, shown in (("up", later), ("none", today), ("up", later)):
        await cat.says(f"/vote 2 {vote}")
        await bob.says("/points show")
        assert bob.hears(shown)
        await stage.passes(minutes=1)

    await owner.says("/settings set fair.pair 10")
    await owner.says("/settings reset fair.pair")
    assert owner.hears(reset)
