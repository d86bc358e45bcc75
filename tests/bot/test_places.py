"""What is in a place that few read: nobody else hears of it, nor that there is such a place."""

from dataclasses import replace

import pytest

from bot.access import Access
from bot.core import Core
from bot.people import Spot
from bot.replies import Reply
from tests.bot.purses import ADMIN, balances, entries, meet, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DEN, HOUR, LOBBY, NOON, chosen, posted, typed

NOWHERE = Spot(DEN.platform, "cellar", "channel", "#cellar", DEN.parent)


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann spoke in the den, which Bob reads and Cat does not; both have 100 points."""
    await meet(core)
    await core.absorb([posted("d", ANN, at=NOON + HOUR, spot=DEN)])
    return core


async def within(core: Core, line: str, spot: Spot = LOBBY) -> Reply:
    """As Bob, who reads in the den."""
    return await core.invoke(typed(line, BOB, spot=spot, circles=["den"]))


async def rules_there(core: Core, line: str) -> Reply:
    """As an administrator, in the den."""
    return await core.invoke(typed(line, ADMIN, access=Access.ADMIN, spot=DEN))


@pytest.mark.parametrize("word", ["#den", "den", "DEN", "d"])
async def test_a_place_that_one_does_not_read_does_not_exist(ready: Core, word: str) -> None:
    """By its name, a part of it, or the name its platform has for it; and as one that was pointed at."""
    unknown = (await says(ready, f"/leaderboard all {NOWHERE.name}", CAT)).plain
    pointed = await ready.invoke(chosen("leaderboard", CAT, period="all", place=DEN))

    assert (await says(ready, f"/leaderboard all {word}", CAT)).plain == unknown.replace(NOWHERE.name, word)
    assert pointed.plain == unknown.replace(NOWHERE.name, DEN.name)


async def test_a_hidden_place_does_not_stand_before_another(ready: Core) -> None:
    """A part of a name is that of the first place one reads."""
    attic = replace(DEN, id="attic", name="#an older den")
    garden = Spot(DEN.platform, "garden", "channel", "#garden", DEN.parent)
    await ready.absorb([posted("e", ANN, spot=attic), posted("g", ANN, spot=garden)])

    assert "#garden" in (await says(ready, "/leaderboard all den", CAT)).plain


async def test_those_who_read_it_name_it(ready: Core) -> None:
    """Anywhere, but aloud only to those who read it too; staff name all places."""
    away, there = await within(ready, "/leaderboard all #den"), await within(ready, "/leaderboard all #den", DEN)
    staff = await ready.invoke(typed("/leaderboard all den", CAT, access=Access.STAFF))

    assert [("Ann · 1" in each.plain, each.private) for each in (away, there, staff)] == [
        (True, True),
        (True, False),
        (True, True),
    ]
    assert not (await says(ready, "/leaderboard all #lobby", CAT)).private


async def test_multipliers_of_a_hidden_place(ready: Core) -> None:
    """Are those of a place like any other to those who read it, and said to nobody beside them."""
    await rules(ready, "/multipliers place #den 200")
    before = await says(ready, "/multipliers list", CAT)
    await rules(ready, "/multipliers place #lobby 150")
    read = await within(ready, "/multipliers list")

    assert before.plain == "Points count the same everywhere and for everybody."
    assert "den" not in (await says(ready, "/multipliers list", CAT)).plain
    assert ("#den: 200%" in read.plain, read.private) == (True, True)
    assert not (await within(ready, "/multipliers list", DEN)).private


async def test_points_from_a_hidden_place(ready: Core) -> None:
    """Who was given some by somebody there is not told where that was."""
    await rules_there(ready, "/points give @cat 5 thanks")
    (entry, *_) = await entries(ready, CAT)
    why = (await says(ready, f"/points why {entry.id}", CAT)).plain

    assert ("thanks" in why, "den" in why) == (True, False)
    assert "Place: #den." in (await rules(ready, f"/points why {entry.id}")).plain
