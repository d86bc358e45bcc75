"""Unspent points expire, and nobody is surprised by it."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "warned", "shown", "over", "why"),
    [
        ("en", "11 of your points expire unless", "11 of them expire", "were not spent in time", "not spent in time"),
        ("zh-CN", "你有 11 积分将要过期", "其中 11 积分", "你有 11 积分没有及时用掉", "过期未使用"),
    ],
)
async def test_old_points_expire(stage: Stage, language: str, warned: str, shown: str, over: str, why: str) -> None:
    """The member is told a week before, in private, and again when it has happened."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 10 for the workshop")
    await owner.says("/settings set points.expiry 9d")
    await ann.says(f"/language {language}")

    await stage.passes(days=2, hours=18)
    assert ann.hears(warned)
    assert not bob.hears(warned)
    await ann.says("/points show")
    assert ann.hears(shown)

    await stage.passes(days=7)
    assert ann.hears(over)
    await ann.says("/points history")
    assert ann.hears(why)
