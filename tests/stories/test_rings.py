"""Two members give each other points in a circle, and staff look at it."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "shown", "closed", "none"),
    [
        ("en", "ann gave bob 60 points in 3 gifts", "is closed", "There are no open rings."),
        ("zh-CN", "ann 给了 bob 60 积分，共 3 次", "已关闭", "没有未关闭的互送圈。"),
    ],
)
async def test_staff_look_at_a_ring(stage: Stage, language: str, shown: str, closed: str, none: str) -> None:
    """Found in the night, read in the list, closed by its number."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says(f"/language {language}")
    await stage.passes(days=4)
    await owner.says("/settings set tips.pair 0")
    for each in (ann, bob):
        await owner.says(f"/points give @{each.name} 100 welcome")
    for _ in range(3):
        await ann.says("/tip @bob 20")
        await bob.says("/tip @ann 20")
    await owner.says("/rings list")
    assert owner.hears(none)
    await stage.passes(days=1)

    await owner.says("/rings list")
    assert owner.hears(shown)
    assert owner.hears("100%")
    await owner.says("/rings close 1")
    assert owner.hears(closed)
    await owner.says("/rings list")
    assert owner.hears(none)
