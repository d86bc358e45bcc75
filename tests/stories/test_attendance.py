"""Members meet, say that they are there, and earn by it."""

import re

import pytest

from tests.stories.stage import Stage


async def test_whoever_is_there_presses(stage: Stage) -> None:
    """Each is told alone; at the end all are thanked, and the moderator gets the list."""
    owner = await stage.admin("owner")
    ann, bob, _ = await stage.members("ann", "bob", "cat")

    await owner.says('/attendance open "Spring meeting" 2h 10')
    assert bob.hears("📍 Spring meeting: are you here? Press the button.")
    await ann.presses("I am here")
    assert ann.hears("You are on the list of Spring meeting: +10 points.")
    assert not bob.hears("on the list")
    await ann.presses("I am here")
    assert ann.hears("You are on the list")
    await bob.presses("I am here")

    await stage.passes(hours=3)
    assert bob.hears("Spring meeting is over. 2 members were there: thank you!")
    assert owner.hears("1. ann\n")
    assert not bob.hears("1. ann")
    await ann.says("/points history")
    assert ann.hears("+10 · attended an event")


async def test_a_moderator_mends_the_list(stage: Stage) -> None:
    """An absent member loses what the attendance earned, and is told."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    await owner.says("/attendance open Tea")
    for each in (ann, bob):
        await each.presses("I am here")

    await owner.says("/attendance undo @ann")
    assert owner.hears("ann is off the list of Tea")
    assert ann.hears("A moderator took you off the list of Tea: −10 points.")

    await owner.says("/attendance close")
    assert owner.hears("1. bob\n")
    assert owner.hears("1 member, 10 points in all.")
    assert bob.hears("Tea is over. 1 member was there")


@pytest.mark.parametrize(
    ("language", "code_of", "listed", "over"),
    [
        ("en", r"The code for Tea is (\w{6})\.", "on the list of Tea: +10 points.", "There is no gathering"),
        ("zh-CN", r"Tea 的签到码是 (\w{6})。", "已在 Tea 签到：+10 积分。", "没有这个编号的活动。"),
    ],
)
async def test_a_code_on_the_screen(stage: Stage, language: str, code_of: str, listed: str, over: str) -> None:
    """Only the moderator is told it, and members who read it there are noted; in both languages."""
    owner = await stage.admin("owner")
    ann, bob = await stage.members("ann", "bob")
    for each in (owner, ann):
        await each.says(f"/language {language}")

    await owner.says("/attendance open Tea 2h 10 on")
    (code,) = {found for heard in owner.heard for found in re.findall(code_of, heard)}
    assert not bob.hears(code)
    await ann.says(f"/attend {code.lower()}")
    assert ann.hears(listed)

    await owner.says("/attendance close 7")
    assert owner.hears(over)
