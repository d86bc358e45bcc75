"""Members are known for what they did."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "new", "line", "next_", "taken", "none"),
    [
        (
            "en",
            "You have a new badge: 🧭 Guide · for the tour",
            "🧭 Guide · for the tour ·",
            "🔥 A week in a row: take part on 7 days in a row (1 of 7)",
            "took your badge 🧭 Guide: it was bob's",
            "ann has no badges yet.",
        ),
        (
            "zh-CN",
            "你获得了新徽章：🧭 Guide · for the tour",
            "🧭 Guide · for the tour ·",
            "🔥 连续一周：连续 7 天参与（1/7）",
            "收回了你的徽章 🧭 Guide：it was bob's",
            "ann 还没有徽章。",
        ),
    ],
)
async def test_a_badge_is_given_shown_and_taken(
    stage: Stage, language: str, new: str, line: str, next_: str, taken: str, none: str
) -> None:
    """With a reason each time, in the member's own language."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await ann.says(f"/language {language}")
    await owner.says("/badge create 🧭 Guide shows newcomers around")
    assert owner.hears("🧭 Guide is a badge now")

    await owner.says("/badge award @ann Guide for the tour")
    assert ann.hears(new)
    assert not bob.hears(new)

    await ann.says("/badges")
    assert ann.hears(line)
    assert ann.hears(next_)
    await ann.says("/rank")
    assert bob.hears("🧭 Guide")

    await owner.says("/badge take @ann Guide it was bob's")
    assert ann.hears(taken)
    await ann.says("/badges")
    assert ann.hears(none)


async def test_members_earn_badges(stage: Stage) -> None:
    """At once where something happens, else by the next morning; an administrator may let the bot announce them."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/settings set fair.min_days 0d")
    await owner.says("/points give @ann 50 welcome")

    await ann.says("/tip @bob 5")
    assert ann.hears("You have a new badge: 🎁 Open hand")

    await stage.passes(days=1)
    await bob.says("/badges @ann")
    assert bob.hears("🌱 Founder · here from the beginning")
    assert bob.hears("🎁 Open hand")


async def test_only_administrators_make_badges(stage: Stage) -> None:
    """Everybody sees the list of badges."""
    (ann,) = await stage.members("ann")

    await ann.says("/badge create 🧭 Guide shows newcomers around")
    assert ann.hears("Only administrators can do this. Ask one of them.")
    await ann.says("/badge list")
    assert ann.hears("🔥 A week in a row · take part on 7 days in a row")
