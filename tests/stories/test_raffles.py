"""Members take seats in a raffle, and a winner is drawn."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "join", "joined", "won", "told"),
    [
        (
            "en",
            "Take a seat in 1",
            "You have seat 1 in raffle 1 (Mug) for 10 points.",
            "ann wins with seat 1!",
            "You won",
        ),
        (
            "zh-CN",
            "参加 1",
            "你用 10 积分得到了抽奖 1（Mug）的 1 号席位。",
            "ann 凭 1 号席位中奖！",
            "你在抽奖 1 中奖了",
        ),
    ],
)
async def test_a_raffle_is_drawn(stage: Stage, language: str, join: str, joined: str, won: str, told: str) -> None:
    """Everybody sees the opening and the draw, with the secret; only the winner is told their own part."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 49 for the workshop")
    await owner.says(f"/settings set community.language {language}")
    for each in (owner, ann, bob):
        await each.says(f"/language {language}")

    await owner.says("/raffle open 10 Mug 2h")
    assert bob.hears("Mug")
    await ann.presses(join)
    assert ann.hears(joined)
    assert not bob.hears(joined)

    await stage.passes(hours=2)
    assert bob.hears(won)
    assert ann.hears(told)
    await ann.says("/points show")
    assert ann.hears("40")


async def test_a_cancelled_raffle_gives_back(stage: Stage) -> None:
    """It is said where it was opened, and the points are back."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 49 for the workshop")
    await owner.says("/raffle open 50")
    await ann.presses("Take a seat in 1")
    await ann.says("/points show")
    assert ann.hears("has 0 points")

    await owner.says("/raffle cancel 1")

    assert bob.hears("was cancelled. Everybody has their points back.")
    await ann.says("/points show")
    assert ann.hears("has 50 points")


async def test_what_cannot_be_is_refused(stage: Stage) -> None:
    """One private sentence; an old button is answered too."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/raffle open 50 Mug 1h")

    await ann.presses("Take a seat in 1")
    assert ann.hears("You have 1 point, which is less than 50.")
    await stage.passes(hours=2)
    assert bob.hears("Nobody took a seat, so nobody lost anything.")
    await ann.presses("Take a seat in 1")
    assert ann.hears("Raffle 1 is over.")
    assert not bob.hears("Raffle 1 is over.")
