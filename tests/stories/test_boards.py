"""Members contribute most, or prefer not to be counted."""

import pytest

from tests.stories.stage import Stage


async def test_contributions_make_the_board(stage: Stage) -> None:
    """A board of all time and of this week, with one's own rank below it, for everybody to see."""
    ann, bob, cat = await stage.members("ann", "bob", "cat")
    for said in ("I looked into it", "It was the cable", "Now it works"):
        await stage.passes(minutes=2)
        await bob.says(said)

    await ann.says("/leaderboard")
    assert cat.hears("🥇 bob · 4")
    assert ann.hears("🥈 ann · 1")
    assert ann.hears("ann: rank 2 with 1.")

    await stage.passes(days=7)
    await ann.says("good morning")
    await bob.says("/leaderboard week")
    assert bob.hears("🥇 ann · 1")
    assert bob.hears("bob is not on this board yet")


@pytest.mark.parametrize(
    ("language", "first", "button", "page"),
    [("en", "The board of all time", "▶", "11. "), ("zh-CN", "总排行榜", "▶", "11. ")],
)
async def test_a_board_is_turned(stage: Stage, language: str, first: str, button: str, page: str) -> None:
    """Ten on a page, in the reader's language; a press shows the next, and another goes back."""
    everybody = await stage.members(*(f"member{number}" for number in range(11)))
    for each in everybody[:10]:
        await stage.passes(minutes=2)
        await each.says("something useful")
    reader = everybody[0]
    await reader.says(f"/language {language}")

    await reader.says("/leaderboard")
    assert reader.hears(first)
    assert not reader.hears("member10")

    await reader.presses(button)
    assert reader.hears(f"{page}member10 · 1")

    await reader.presses("◀")
    assert reader.hears("🥇 member")


async def test_a_member_leaves_the_boards(stage: Stage) -> None:
    """Nobody sees their rank any more, they keep their points, and one press brings them back."""
    ann, bob = await stage.members("ann", "bob")

    await ann.says("/boards leave")
    assert ann.hears("You are off the boards.")
    assert not bob.hears("off the boards")

    await bob.says("/leaderboard")
    assert bob.hears("🥇 bob · 1")
    assert not bob.hears("ann")

    await ann.says("/leaderboard")
    assert ann.hears("ann is not on the boards. /boards return changes that.")

    await ann.says("/boards leave")
    await ann.presses("Return")
    assert ann.hears("Welcome back on the boards.")


async def test_another_period_is_refused(typed_stage: Stage) -> None:
    """The refusal names the valid ones."""
    (ann,) = await typed_stage.members("ann")

    await ann.says("/leaderboard decade")

    assert ann.hears("period: decade is not one of: week, month, season, all.")
