"""Administrators decide where and for which members points count differently."""

import pytest

from tests.stories.stage import Stage


def place_of(stage: Stage) -> str:
    """The name of the place in which the story is told."""
    return "Hearth" if stage.name == "telegram" else "general"


@pytest.mark.parametrize(
    ("language", "done", "named", "cleared"),
    [
        ("en", "counts 300% from now on", "300%.", "has no multiplier any more."),
        ("zh-CN", "获得的积分按 300% 计算", "这里按倍率计算", "不再有倍率。"),
    ],
)
async def test_a_place_counts_threefold(stage: Stage, language: str, done: str, named: str, cleared: str) -> None:
    """Later messages there earn more and say why, until it is cleared."""
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")
    for each in (owner, ann):
        await each.says(f"/language {language}")

    await owner.says(f"/multipliers place {place_of(stage)} 300")
    assert owner.hears(done)
    await stage.passes(minutes=2)
    await ann.says("The tea is ready.")
    await ann.says("/points history")
    assert ann.hears("+3")
    number = next(text for text in ann.heard if "+3" in text).split(" · ")[0].split()[-1].strip("`")
    await ann.says(f"/points why {number}")
    assert ann.hears(named)

    await owner.says(f"/multipliers clear {place_of(stage)}")
    assert owner.hears(cleared)


async def test_a_role_earns_nothing(roles_stage: Stage) -> None:
    """Its members, from now on; everybody may look it up."""
    stage = roles_stage
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    stage.role("staff")
    await owner.says("/levels role 1 @staff")
    await owner.says("/points give @ann 149 for the tea")
    assert stage.holds("ann") == {"staff"}

    await owner.says("/multipliers role @staff 0")
    assert owner.hears("Members with the role staff earn nothing from now on")
    await stage.passes(minutes=2)
    for each in (ann, bob):
        await each.says("The tea is ready.")
    await bob.says("/multipliers list")
    assert bob.hears("Role staff: earns nothing")
    await bob.says("/points show @ann")
    assert bob.hears("Score: 150.")
    await bob.says("/points show")
    assert bob.hears("Score: 2.")
