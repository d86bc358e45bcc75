"""What is in a place that few read: nobody else hears of it, or that the place exists."""

from dataclasses import replace

import pytest

from bot.core.core import Core
from bot.kit import Access, Reply, Tone
from bot.kit.references import Spot
from models import communities, settings
from tests.bot.purses import ADMIN, balances, entries, meet, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DEN, HOME, HOUR, LOBBY, NAME, NOON, chosen, posted, typed

NOWHERE = Spot(DEN.platform, "cellar", "channel", "#cellar", DEN.parent)


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann spoke in the den, which Bob reads and Cat does not; both have 100 points."""
    await meet(core)
    await core.absorb([posted("d", ANN, at=NOON + HOUR, spot=DEN)])
    return core


async def within(core: Core, line: str, spot: Spot = LOBBY) -> Reply:
    """As Bob, who reads the den."""
    return await core.invoke(typed(line, BOB, spot=spot, circles=["den"]))


async def rules_there(core: Core, line: str) -> Reply:
    """As an administrator, in the den."""
    return await core.invoke(typed(line, ADMIN, access=Access.ADMIN, spot=DEN))


@pytest.mark.parametrize("word", ["#den", "den", "DEN", "d"])
async def test_a_place_that_one_does_not_read_does_not_exist(ready: Core, word: str) -> None:
    """Neither by its name, a part of it, or its id, nor as a place that a member pointed at."""
    unknown = (await says(ready, f"/leaderboard all {NOWHERE.name}", CAT)).plain
    pointed = await ready.invoke(chosen("leaderboard", CAT, period="all", place=DEN))

    assert (await says(ready, f"/leaderboard all {word}", CAT)).plain == unknown.replace(NOWHERE.name, word)
    assert pointed.plain == unknown.replace(NOWHERE.name, DEN.name)


async def test_a_hidden_place_does_not_stand_before_another(ready: Core) -> None:
    """A part of a name means the first place that the member reads."""
    attic = replace(DEN, id="attic", name="#an older den")
    garden = Spot(DEN.platform, "garden", "channel", "#garden", DEN.parent)
    await ready.absorb([posted("e", ANN, spot=attic), posted("g", ANN, spot=garden)])

    assert "#garden" in (await says(ready, "/leaderboard all den", CAT)).plain


async def test_those_who_read_it_name_it(ready: Core) -> None:
    """They can name it anywhere, but publicly only among its readers; staff can name all places."""
    away, there = await within(ready, "/leaderboard all #den"), await within(ready, "/leaderboard all #den", DEN)
    staff = await ready.invoke(typed("/leaderboard all den", CAT, access=Access.STAFF))

    assert [("Ann · 1" in each.plain, each.private) for each in (away, there, staff)] == [
        (True, True),
        (True, False),
        (True, True),
    ]
    assert not (await says(ready, "/leaderboard all #lobby", CAT)).private


async def test_multipliers_of_a_hidden_place(ready: Core) -> None:
    """Its readers see its multiplier like any other; nobody else hears of it."""
    await rules(ready, "/multipliers place #den 200")
    before = await says(ready, "/multipliers list", CAT)
    await rules(ready, "/multipliers place #lobby 150")
    read = await within(ready, "/multipliers list")

    assert before.plain == "Points count the same everywhere and for everybody."
    assert "den" not in (await says(ready, "/multipliers list", CAT)).plain
    assert ("#den: 200%" in read.plain, read.private) == (True, True)
    assert not (await within(ready, "/multipliers list", DEN)).private


async def test_points_from_a_hidden_place(ready: Core) -> None:
    """A member who received points from somebody there is not told the place."""
    await rules_there(ready, "/points give @cat 5 thanks")
    (entry, *_) = await entries(ready, CAT)
    why = (await says(ready, f"/points why {entry.id}", CAT)).plain

    assert ("thanks" in why, "den" in why) == (True, False)
    assert "Place: #den." in (await rules(ready, f"/points why {entry.id}")).plain


@pytest.mark.parametrize("line", ["/attend", '/attend "" 1', "/attend QWERTZ", '/attend QWERTZ "#1"'])
@pytest.mark.parametrize("code", ["off", "on"])
async def test_a_meeting_in_a_hidden_place(ready: Core, line: str, code: str) -> None:
    """Its readers attend; for everybody else it does not exist."""
    none = (await says(ready, line, CAT)).plain
    await rules_there(ready, f"/attendance open layoffs 2h 10 {code}")

    refused = await says(ready, line, CAT)
    assert (refused.plain, refused.tone) == (none, Tone.CAREFUL)
    assert await balances(ready, CAT) == [100]


async def test_a_meeting_is_suggested_to_those_who_read_there(ready: Core) -> None:
    """Its readers can attend from anywhere; staff close it from anywhere."""
    await rules_there(ready, "/attendance open layoffs")
    typing = chosen("attend", BOB, number="")
    reader = replace(typing, standing=replace(typing.standing, circles=frozenset({"den"})))

    assert await ready.suggest(chosen("attend", CAT, number=""), "number") == []
    assert [each.label for each in await ready.suggest(reader, "number")] == ["#1 · layoffs"]
    assert "layoffs" in (await within(ready, "/attend")).plain
    assert await balances(ready, BOB) == [110]
    assert "layoffs" in (await rules(ready, "/attendance close")).plain


@pytest.mark.parametrize(
    ("opened", "lines"),
    [
        ("/raffle open 5 lantern", ["/raffle list", "/raffle join 1"]),
        ("/contest open lantern 5", ["/contest list", "/contest show 1", "/contest enter 1 me", "/contest vote 1 1"]),
    ],
)
async def test_what_is_won_in_a_hidden_place(ready: Core, opened: str, lines: list[str]) -> None:
    """The winners are announced where it was opened, so only its readers take part."""
    none = [(await says(ready, line, CAT)).plain for line in lines]
    await rules_there(ready, opened)
    name = opened.split(maxsplit=1)[0].removeprefix("/")

    assert [(await says(ready, line, CAT)).plain for line in lines] == none
    assert await ready.suggest(chosen(f"{name} {lines[1].split()[1]}", CAT), name) == []
    listed = await within(ready, lines[0])
    assert ("lantern" in listed.plain, listed.private) == (True, True)
    assert "lantern" in (await within(ready, lines[1])).plain


async def test_a_raffle_in_the_open_is_listed_aloud(ready: Core) -> None:
    """Even when a member who reads more than others asks for the list."""
    await rules(ready, "/raffle open 5 lantern")

    assert not (await within(ready, "/raffle list")).private


async def test_the_place_that_is_called_exactly_so_is_meant(core: Core) -> None:
    """Whatever members call their threads; of two with the same name none is guessed."""
    await meet(core)
    threads = [Spot(NAME, f"t{name}", "thread", name, LOBBY) for name in ("! staff", "# staff", "STAFF", "staff")]
    channel = Spot(NAME, "s1", "channel", "staff", HOME)
    await core.absorb([posted(f"t{n}", BOB, spot=spot) for n, spot in enumerate([*threads, channel])])
    await rules(core, "/settings set community.staff_place staff")
    async with core.store.read() as tx:
        (meant,) = await communities.find_places(tx, [(NAME, channel.id)])
        stored = await settings.get(tx, meant.community_id, "community.staff_place")
    assert stored == str(meant.id)

    await core.absorb([posted("u", BOB, spot=Spot(NAME, "s2", "channel", "staff", HOME))])
    refused = await rules(core, "/settings set community.staff_place staff")
    assert "Several places are called staff." in refused.plain
    assert "is now #staff" in (await rules(core, "/settings set community.staff_place s2")).plain


@pytest.mark.parametrize(
    ("word", "choice"), [("发布", None), ("署名", "named"), ("不署名", "anonymous"), ("not at all", "none")]
)
async def test_a_choice_is_called_by_its_whole_name(core: Core, word: str, choice: str | None) -> None:
    """A part of it may say the opposite."""
    await meet(core)
    reply = await core.invoke(typed(f'/consent "{word}"', ANN))

    async with core.store.read() as tx:
        rows = await tx.all("SELECT choice FROM consent")
    assert [row["choice"] for row in rows] == ([choice] if choice else [])
    assert (reply.tone is Tone.CAREFUL) is (choice is None)
