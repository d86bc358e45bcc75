"""Members get roles for their levels and for their points, and can ask why."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "because", "there"),
    [("en", "For: level 2.", "It is there."), ("zh-CN", "原因：达到 2 级。", "已经拥有。")],
)
async def test_levels_bring_roles(roles_stage: Stage, language: str, because: str, there: str) -> None:
    """A jump brings every role between, and /why gives the reason of each."""
    stage = roles_stage
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")
    for level, role in ((1, "regular"), (2, "veteran")):
        stage.role(role)
        await owner.says(f"/levels role {level} @{role}")
        assert owner.hears(f"Level {level} brings {role} from now on.")
    await ann.says(f"/language {language}")

    await owner.says("/points give @ann 250 for the tea")
    assert stage.holds("ann") == {"regular", "veteran"}
    await ann.says("/why")
    assert ann.hears(because)
    assert ann.hears(there)

    await owner.presses("Undo")
    assert stage.holds("ann") == set()


async def test_a_rule_reaches_those_who_are_that_far(roles_stage: Stage) -> None:
    """Within minutes, and a command tells how far it is."""
    stage = roles_stage
    owner = await stage.admin("owner")
    await stage.members("ann", "bob")
    await owner.says("/points give @ann 150 for the tea")
    stage.role("regular")

    await owner.says("/levels role 1 @regular")
    await stage.passes(minutes=2)
    assert (stage.holds("ann"), stage.holds("bob")) == ({"regular"}, set())
    await owner.says("/levels resync")
    await stage.passes(minutes=2)
    await owner.presses("How far?")
    assert owner.hears("Done: 3 members, 0 roles changed.")

    await owner.says("/levels unrole 1 @regular")
    await stage.passes(minutes=2)
    assert stage.holds("ann") == set()


async def test_a_role_is_bought_for_a_time(roles_stage: Stage) -> None:
    """It comes at once, and goes when its time is over."""
    stage = roles_stage
    owner = await stage.admin("owner")
    (ann,) = await stage.members("ann")
    await owner.says("/points give @ann 99 for the tea")
    stage.role("patron")
    await owner.says('/shop add Patron 30 shines "" "" @patron 7d')

    await ann.says("/buy Patron")
    assert ann.hears("The role patron is on its way.")
    assert stage.holds("ann") == {"patron"}

    await stage.passes(days=7, minutes=1)
    assert stage.holds("ann") == set()
    assert ann.hears("Your role patron has ended")


async def test_where_there_are_no_roles(stage: Stage) -> None:
    """An administrator is told so."""
    owner = await stage.admin("owner")
    stage.role("regular")

    await owner.says("/levels role 1 @regular")

    none = "I can do this only where there are roles"
    assert owner.hears(none if stage.name == "telegram" else "Level 1 brings regular from now on.")
