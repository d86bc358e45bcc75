"""An administrator hands in a table of points, looks at it, applies it, and takes it back."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "shown", "apply", "applied", "told", "undo", "undone"),
    [
        (
            "en",
            "2 members gain points, 60 altogether.",
            "Apply",
            "Table 1 is applied: 2 lines.",
            "An administrator gave you 50 points: workshop",
            "Undo",
            "Table 1 is taken back: 2 entries.",
        ),
        (
            "zh-CN",
            "2 位成员得到积分，共 60。",
            "生效",
            "表格 1 已生效：2 行。",
            "管理员给了你 50 积分：workshop",
            "撤回",
            "表格 1 已撤回：2 条。",
        ),
    ],
)
async def test_a_table_is_applied(
    stage: Stage, language: str, shown: str, apply: str, applied: str, told: str, undo: str, undone: str
) -> None:
    """Nobody hears of it before it counts."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    for each in (owner, ann, bob):
        await each.says(f"/language {language}")

    await owner.says("/points bulk @ann,50,workshop\n@bob,10,tea")
    assert owner.hears(shown)
    assert not ann.heard
    await owner.presses(apply)
    assert owner.hears(applied)
    assert ann.hears(told)
    await ann.says("/points show")
    assert ann.hears("51")
    await owner.presses(undo)
    assert owner.hears(undone)
    await ann.says("/points show")
    assert not ann.hears("51")
