"""Members submit entries, vote, and the best one wins."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "look", "vote", "won", "told"),
    [
        ("en", "Entries of 1", "Vote for 1", "ann wins 50 points. Votes: 1", "You won contest 1"),
        ("zh-CN", "查看 1 的作品", "投给 1", "ann 赢得 50 积分。票数：1", "你在比赛 1（Snippet）中获奖"),
    ],
)
async def test_a_contest_is_won(stage: Stage, language: str, look: str, vote: str, won: str, told: str) -> None:
    """Anybody can look at the entries; the end is announced to everybody."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says(f"/settings set community.language {language}")
    for each in (owner, ann, bob):
        await each.says(f"/language {language}")
    await stage.passes(hours=1)

    await owner.says("/contest open Snippet 50 2d")
    assert bob.hears("Snippet")
    await ann.says("/contest enter 1 `print(1)`")
    assert not bob.hears("print(1)")
    await bob.presses(look)
    assert bob.hears("print(1)")
    await bob.presses(vote)

    await stage.passes(days=2)
    assert bob.hears(won)
    assert ann.hears(told)
