"""Members thank each other in their own words."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.words
@pytest.mark.parametrize(
    ("language", "thanks", "no_thanks", "has", "why"),
    [
        ("en", "thank you, that was it!", "no thanks", "has 3 points to spend", "+2 · being thanked"),
        ("zh-CN", "谢谢，解决了！", "不用谢", "有 3 积分可用", "+2 · 收到感谢"),
    ],
)
async def test_thanks_are_worth_points(
    stage: Stage, language: str, thanks: str, no_thanks: str, has: str, why: str
) -> None:
    """Once a day for the two of them; words that only look like thanks earn nothing."""
    ann, bob = await stage.members("ann", "bob")
    await stage.passes(days=4)
    await ann.says(f"/language {language}")

    await bob.replies(ann, no_thanks)
    await bob.replies(ann, thanks)
    await bob.replies(ann, thanks)
    assert not ann.heard

    await ann.says("/points show")
    assert ann.hears(has)
    await ann.says("/points history")
    assert ann.hears(why)
