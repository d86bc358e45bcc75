"""An administrator hands in a table of points, checks it, applies it, and undoes it."""

import pytest

from tests.stories.stage import Stage


@pytest.mark.parametrize(
    ("language", "shown", "apply", "applied", "told", "again", "undo", "undone"),
    [
        (
            "en",
            "2 members gain points, 60 altogether.",
            "Apply",
            "Table 1 is applied: 2 lines.",
            "An administrator gave you 50 points: workshop",
            "2 members gain points, 62 altogether.",
            "Undo",
            "Table 1 is taken back: 2 entries.",
        ),
        (
            "zh-CN",
            "2 位成员得到积分，共 60。",
            "生效",
            "表格 1 已生效：2 行。",
            "管理员给了你 50 积分：workshop",
            "2 位成员得到积分，共 62。",
            "撤回",
            "表格 1 已撤回：2 条。",
        ),
    ],
)
async def test_a_table_is_applied(
    stage: Stage, language: str, shown: str, apply: str, applied: str, told: str, again: str, undo: str, undone: str
) -> None:
    """Nobody hears of it before it is applied; all balances are exported, and that file can be handed in."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    for each in (owner, ann, bob):
        await each.says(f"/language {language}")

    await owner.sends("member;amount;why\r\n@ann;50;workshop\r\n@bob;10;茶\r\n".encode("utf-16"), "/points bulk")
    assert owner.hears(shown)
    assert not ann.heard
    await owner.presses(apply)
    assert owner.hears(applied)
    assert ann.hears(told)
    await ann.says("/points show")
    assert ann.hears("51")
    await owner.says("/points export")
    assert ",51,0,51\r\n" in owner.gets.decode("utf-8-sig")
    assert not ann.gets
    await owner.sends(owner.gets, "/points bulk")
    assert owner.hears(again)
    await owner.presses(undo)
    assert owner.hears(undone)
    await ann.says("/points show")
    assert not ann.hears("51")
