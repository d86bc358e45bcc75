"""Members decide whether their texts may be published, and under their name."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "means", "unsaid", "button", "named", "since", "none"),
    [
        (
            "en",
            "pages that anybody can read",
            "You have not chosen yet, so yours appear without your name.",
            "With my name",
            "are published with your name.",
            "yours appear with your name.",
            "nothing you wrote is published.",
        ),
        (
            "zh-CN",
            "任何人都能看的网页",
            "你还没有选择，所以你的内容会不署名发布。",
            "署名",
            "会带上你的名字。",
            "你的内容署名发布。",
            "你写的内容都不会出现。",
        ),
    ],
)
async def test_consent_is_given_and_taken_back(
    stage: Stage, language: str, means: str, unsaid: str, button: str, named: str, since: str, none: str
) -> None:
    """Members read what it means before they choose; a press gives it, a word takes it back, nobody else sees it."""
    ann, bob = await stage.members("ann", "bob")
    await ann.says(f"/language {language}", private=True)

    await ann.says("/consent", private=True)
    assert ann.hears(means)
    assert ann.hears(unsaid)
    await ann.presses(button)
    assert ann.hears(named)
    await ann.says("/consent", private=True)
    assert ann.hears(since)
    await ann.says("/consent none", private=True)
    assert ann.hears(none)
    assert not bob.heard
