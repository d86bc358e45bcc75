"""Members come back day after day."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "row", "rank", "reason"),
    [
        ("en", "3 days in a row. The most so far: 3.", "🔥 3 days in a row.", "+2 · taking part day after day"),
        ("zh-CN", "已连续参与 3 天。最长纪录：3 天。", "🔥 已连续参与 3 天。", "+2 · 连续参与"),
    ],
)
async def test_days_in_a_row_are_counted(stage: Stage, language: str, row: str, rank: str, reason: str) -> None:
    """They are shown with the points and the rank, and each is an entry of the history."""
    (ann,) = await stage.members("ann")
    await ann.says(f"/language {language}")
    for _ in range(2):
        await stage.passes(days=1)
        await ann.says("good morning")

    await ann.says("/points show")
    assert ann.hears(row)
    await ann.says("/rank")
    assert ann.hears(rank)

    await ann.says("/points history")
    assert ann.hears(reason)


@pytest.mark.parametrize(
    ("language", "set_", "back", "off"),
    [
        (
            "en",
            "From now on your day ends at midnight in Asia/Shanghai, where it is 20:00 now.",
            "As for everybody",
            "UTC",
        ),
        ("zh-CN", "从现在起，你的一天以 Asia/Shanghai 的零点为界，那里现在是 20:00。", "和大家一样", "UTC"),
    ],
)
async def test_a_member_says_where_they_live(stage: Stage, language: str, set_: str, back: str, off: str) -> None:
    """In private, and one press takes it back."""
    ann, bob = await stage.members("ann", "bob")
    await ann.says(f"/language {language}")

    await ann.says("/timezone Asia/Shanghai")
    assert ann.hears(set_)
    assert not bob.hears("Asia/Shanghai")

    await ann.says("/timezone")
    await ann.presses(back)
    assert ann.hears(off)
