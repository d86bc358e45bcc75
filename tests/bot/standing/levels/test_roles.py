"""Roles of levels: given when reached, taken when lost, and checked for everybody when the rules change."""

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Effect, GrantRole, Post, TakeRole, Tell
from bot.kit.errors import Refused
from bot.kit.references import Person
from tests.bot.purses import meet, rules, says
from tests.bot.recorder import ANN, BOB, LOBBY, NOON, Recorder, posted


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann, Bob and Cat have one point each; levels are linear: a hundred points each."""
    await meet(core, gift=2)
    await rules(core, "/points take @ann 1 to begin with one")
    await core.settle()
    return core


async def settled(core: Core) -> None:
    """Everything that follows within the next minutes."""
    clock = core.clock
    assert isinstance(clock, HandClock)
    await core.pass_time(clock, clock.now() + 180_000)


async def bring(core: Core, *roles: tuple[int, str]) -> None:
    for level, role in roles:
        await rules(core, f"/levels role {level} @{role}")
    await settled(core)


def changes(recorder: Recorder, who: Person = ANN) -> list[str]:
    """The changes of a member's roles, in order: +Regular, -Regular."""
    return [
        ("+" if isinstance(delivery.effect, GrantRole) else "-") + delivery.effect.name
        for delivery in recorder.done
        if isinstance(delivery.effect, GrantRole | TakeRole)
        and delivery.account
        and delivery.account.external_id == who.id
    ]


async def give(core: Core, points: int, who: str = "ann") -> None:
    await rules(core, f"/points give @{who} {points} for the tea")
    await core.settle()


async def test_a_jump_brings_every_role_between(ready: Core, recorder: Recorder) -> None:
    """At once, not at the next full hour."""
    await bring(ready, (1, "one"), (2, "two"), (3, "three"), (9, "nine"))

    await give(ready, 399)

    assert changes(recorder) == ["+one", "+three", "+two"]
    grants = [each for each in recorder.effects if isinstance(each, GrantRole)]
    assert {each.why for each in grants} == {"level 1", "level 2", "level 3"}


async def test_what_is_taken_back_takes_its_roles(ready: Core, recorder: Recorder) -> None:
    """The roles of the lost levels, and no other."""
    await bring(ready, (1, "one"), (2, "two"))
    await give(ready, 250)

    await rules(ready, "/points take @ann 100 a mistake")
    await ready.settle()

    assert changes(recorder) == ["+one", "+two", "-two"]


async def test_roles_replace_one_another_when_they_do_not_stack(ready: Core, recorder: Recorder) -> None:
    """A member holds only the highest."""
    await rules(ready, "/settings set levels.stack off")
    await bring(ready, (1, "one"), (2, "two"))

    await give(ready, 120)
    await give(ready, 120)

    assert changes(recorder) == ["+one", "+two", "-one"]


async def test_a_new_rule_goes_through_everybody(ready: Core, recorder: Recorder) -> None:
    """Members of that level get the role, and lose it when the level no longer brings it; nobody else does."""
    await give(ready, 150)

    await bring(ready, (1, "one"))
    assert (changes(recorder), changes(recorder, BOB)) == (["+one"], [])

    reply = await rules(ready, "/levels progress")
    assert reply.plain == "Done: 4 members, 1 roles changed."

    await rules(ready, "/levels unrole 1 @one")
    await settled(ready)
    assert changes(recorder) == ["+one", "-one"]


async def test_another_curve_goes_through_everybody(ready: Core, recorder: Recorder) -> None:
    """Levels are counted again, and only the difference is given or taken."""
    await bring(ready, (1, "one"), (2, "two"))
    await give(ready, 220)

    await rules(ready, "/settings set levels.curve arcane_flat")
    await settled(ready)
    assert changes(recorder) == ["+one", "+two", "-one", "-two"]

    await rules(ready, "/settings set levels.polynomial 150")
    reply = await rules(ready, '/settings set levels.polynomial "150 0"')
    assert reply.plain.startswith("levels.polynomial is now 150 0.")
    await rules(ready, "/settings set levels.curve custom")
    await settled(ready)
    assert changes(recorder)[4:] == ["+one"]


async def test_new_levels_are_told(ready: Core, recorder: Recorder) -> None:
    """In the chosen place, and to the member in private where that is wanted; each level once."""
    await rules(ready, f"/settings set levels.place {LOBBY.name}")
    await rules(ready, "/settings set levels.private on")

    await give(ready, 100)
    await give(ready, 1)

    posts = [each.reply.plain for each in recorder.effects if isinstance(each, Post) and "level" in each.reply.plain]
    told = [each.reply.plain for each in recorder.effects if isinstance(each, Tell) and "level" in each.reply.plain]
    assert posts == ["🎉 Ann has reached level 1."]
    assert told == ["🎉 You have reached level 1."]


async def test_levels_are_silent_where_nothing_was_chosen(ready: Core, recorder: Recorder) -> None:
    """No place means no message, in private neither."""
    await give(ready, 100)

    assert not any("level" in said for said in recorder.said)


async def test_taking_part_is_followed(core: Core, recorder: Recorder) -> None:
    """Points of messages bring levels too, within the minute."""
    await meet(core, gift=99)
    await bring(core, (1, "one"))

    await core.absorb([posted("more", ANN, at=NOON + 120_000)])
    await settled(core)

    assert changes(recorder) == ["+one"]


async def test_a_role_that_is_gone_is_brought_no_more(ready: Core, recorder: Recorder) -> None:
    """The platform says once that it is gone; then the level brings nothing, and nobody is asked for again."""
    await bring(ready, (1, "one"))
    recorder.answer = lambda delivery: Refused("role_gone") if isinstance(delivery.effect, GrantRole) else None

    await give(ready, 100)
    await settled(ready)

    assert "one" not in (await says(ready, "/levels list")).plain
    assert (await says(ready, "/why")).plain == "I gave Ann no roles, and there is none I should give."


async def test_what_levels_take_is_listed(ready: Core) -> None:
    """The first ones always, and every one that brings something."""
    await bring(ready, (7, "seven"))

    listed = (await says(ready, "/levels list")).plain

    assert "Level 1: 100\nLevel 2: 200\n" in listed
    assert "Level 7: 700 · seven" in listed


@pytest.mark.parametrize("line", ["/levels role 0 @one", "/levels role 1001 @one", "/levels role 1.5 @one"])
async def test_no_level(ready: Core, line: str) -> None:
    """Levels of roles are whole numbers from 1 to 1000."""
    assert "level:" in (await rules(ready, line)).plain


async def test_only_administrators_decide(ready: Core, recorder: Recorder) -> None:
    """Everybody else is told so, and nothing follows."""
    for line in ("/levels role 1 @one", "/levels unrole 1 @one", "/levels resync", "/levels progress"):
        assert (await says(ready, line)).plain == "Only administrators can do this. Ask one of them."

    assert "does not bring" in (await rules(ready, "/levels unrole 1 @one")).plain
    effects: list[Effect] = recorder.effects
    assert not any(isinstance(each, GrantRole | TakeRole) for each in effects)
