"""A reaction is removed, and the member who had points for it hears why in the morning."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "begin", "why"),
    [
        ("en", "9 points went back yesterday:", "the reaction was removed"),
        ("zh-CN", "昨天有 9 积分被撤回：", "表情回应被移除"),
    ],
)
async def test_what_went_back_is_told(stage: Stage, language: str, begin: str, why: str) -> None:
    """In private, with the reason and the way to object."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/settings set points.reaction 9")
    await ann.says(f"/language {language}")
    await ann.says("look what I found")
    await bob.reacts(ann, "👍")
    await bob.unreacts(ann, "👍")

    await stage.passes(hours=18)

    assert ann.hears(begin)
    assert ann.hears(why)
    assert not bob.hears(begin)
