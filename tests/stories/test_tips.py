"""Members thank each other with points of their own."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "ann gave you 30 points: for the clear answer"), ("zh-CN", "ann 送给你 30 积分：for the clear answer")],
)
async def test_a_member_thanks_another(stage: Stage, language: str, told: str) -> None:
    """Everybody sees it, the receiver is told in private and in their language, and the points have moved."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await stage.passes(days=4)
    await owner.says("/points give @ann 49 welcome")
    await bob.says(f"/language {language}")

    await ann.says("/tip @bob 30 for the clear answer")

    assert owner.hears("ann gives bob 30 points: for the clear answer")
    assert bob.hears(told)
    assert not owner.hears(told)
    await owner.says("/points show @ann")
    assert owner.hears("ann has 20 points to spend.")
    await owner.says("/points show @bob")
    assert owner.hears("bob has 31 points to spend.")


async def test_a_newcomer_waits(stage: Stage) -> None:
    """They are told how long, in private, and nothing moves."""
    ann, bob = await stage.members("ann", "bob")
    await stage.passes(days=2)

    await ann.says("/tip @bob 1")

    assert ann.hears("You can give points in 1 day.") or ann.hears("You can give points in 23 hours")
    assert not bob.hears("You can give points")
    assert not bob.hears("gives bob")


@pytest.mark.parametrize(
    ("language", "yourself", "poor"),
    [
        ("en", "You are giving to yourself.", "You have 1 point, which is less than 2."),
        ("zh-CN", "你在送给自己。", "你有 1 积分，不够送出 2。"),
    ],
)
async def test_what_cannot_be_is_refused(stage: Stage, language: str, yourself: str, poor: str) -> None:
    """One private sentence, and the balance stays."""
    ann, bob = await stage.members("ann", "bob")
    await stage.passes(days=4)
    await ann.says(f"/language {language}")

    await ann.says("/tip @ann 1")
    assert ann.hears(yourself)

    await ann.says("/tip @bob 2")
    assert ann.hears(poor)
    assert not bob.hears(poor)


@pytest.mark.parametrize("amount", ["0", "-1", "—1", str(2**63)])
async def test_an_amount_out_of_bounds_is_refused(typed_stage: Stage, amount: str) -> None:
    """Which option, its bounds, and an example to copy."""
    ann, _ = await typed_stage.members("ann", "bob")

    await ann.says(f"/tip @bob {amount}")

    assert ann.hears("amount: it must be between 1 and 1,000,000.")
    assert ann.hears("For example: /tip @ann 5")


@pytest.mark.parametrize("amount", ["1.5", "1e309", "٣", "half"])
async def test_what_is_no_number_is_refused(typed_stage: Stage, amount: str) -> None:
    """With the words that were typed."""
    ann, _ = await typed_stage.members("ann", "bob")

    await ann.says(f"/tip @bob {amount}")

    assert ann.hears(f"amount: {amount} is not a whole number.")


async def test_a_day_has_a_limit(stage: Stage) -> None:
    """The refusal says how much is left, and the next day begins from zero."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await stage.passes(days=4)
    await owner.says("/points give @ann 200 for the workshop")
    await ann.says("/tip @bob 40")

    await ann.says("/tip @bob 11")
    assert ann.hears("You can give at most 50 points a day to the same member. Left for bob today: 10.")

    await stage.passes(days=1)
    await ann.says("/tip @bob 11")
    assert bob.hears("ann gives bob 11 points.")


@pytest.mark.parametrize(
    ("language", "told", "refused"),
    [
        ("en", "❤ ann gave you 5 points with a reaction.", "You have 0 points, which is less than 5."),
        ("zh-CN", "❤ ann 用表情回应送给你 5 积分。", "你有 0 积分，不够送出 5。"),
    ],
)
async def test_a_reaction_gives_and_gives_back(stage: Stage, language: str, told: str, refused: str) -> None:
    """The receiver is told; if it is removed at once, it goes back; only a giver without points is told so."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/settings set tips.emoji ❤")
    await owner.says("/settings set tips.emoji_amount 5")
    await owner.says("/settings set points.reaction 0")
    await stage.passes(days=4)
    await owner.says("/points set @ann 5 for the story")
    for each in (ann, bob):
        await each.says(f"/language {language}")

    await ann.reacts(bob, "❤")
    assert bob.hears(told)
    assert not owner.hears(told)
    await owner.says("/points show @bob")
    assert owner.hears("bob has 6 points to spend.")

    await ann.unreacts(bob, "❤")
    await owner.says("/points show @bob")
    assert owner.hears("bob has 1 point to spend.")
    await owner.says("/points set @ann 0 for the story")
    await bob.says("good morning")
    await ann.reacts(bob, "❤")
    assert ann.hears(refused)
    assert not bob.hears(refused)
