"""An asker offers points, and the author of a good answer gets them."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "placed", "accept", "won"),
    [
        ("en", "50 points for a good answer to question 1", "Accept 3", "won 50 points of its bounty."),
        ("zh-CN", "悬赏 50 积分", "采纳 3", "赢得 50 积分的悬赏。"),
    ],
)
async def test_a_bounty_is_won(stage: Stage, language: str, placed: str, accept: str, won: str) -> None:
    """Everybody sees the offer; the points wait in escrow until the answer is accepted."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/points give @ann 60 for the workshop")
    for each in (ann, bob):
        await each.says(f"/language {language}")
    await ann.says("/ask How do I cancel a task?")

    await ann.says("/bounty 1 50")
    assert bob.hears(placed)
    await bob.says("/answer 1 Call `task.cancel()`")
    await ann.presses(accept)

    assert bob.hears(won)
