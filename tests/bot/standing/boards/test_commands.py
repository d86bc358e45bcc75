"""Boards as members see them: the ranks, page by page, and which members are not on them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Reply
from bot.kit.events import MemberJoined, MemberLeft
from bot.kit.references import STAFF as MODERATES
from bot.kit.references import Person, Spot
from models import proof
from tests.bot.conftest import home_of
from tests.bot.recorder import (
    ANN,
    BOB,
    CAT,
    DAY,
    HOME,
    HOUR,
    LOBBY,
    NAME,
    NOON,
    STAFF,
    Recorder,
    chosen,
    person,
    posted,
    typed,
)

MINUTE = 60_000
#: NOON is a Monday
SUNDAY = NOON - DAY


async def write(core: Core, who: Person, times: int, *, since: int = NOON, spot: Spot = LOBBY) -> None:
    """Messages far enough apart that each earns its point."""
    await core.absorb(
        [posted(f"{who.name}.{since}.{spot.id}.{n}", who, at=since + n * 2 * MINUTE, spot=spot) for n in range(times)]
    )


async def board(core: Core, line: str = "/leaderboard", who: Person = ANN) -> Reply:
    return await core.invoke(typed(line, who))


def lines(reply: Reply) -> Sequence[str]:
    return [line for line in reply.plain.splitlines() if line]


async def press(core: Core, reply: Reply, label: str, who: Person = ANN) -> Reply:
    (line,) = [button.line for button in reply.buttons if button.label == label]
    return await core.invoke(typed(line, who, pressed=True))


async def test_a_week_ends_at_the_community_s_midnight(core: Core) -> None:
    """So that members there see a new board on Monday morning."""
    await core.invoke(typed("/settings set community.time_zone Asia/Shanghai", access=Access.ADMIN))
    await write(core, BOB, 1, since=SUNDAY + 3 * HOUR)
    await write(core, ANN, 1, since=SUNDAY + 4 * HOUR)

    assert lines(await board(core, "/leaderboard week"))[1:] == ["🥇 Ann · 1", "Ann: rank 1 with 1."]


async def test_an_empty_board_says_how_to_be_the_first(core: Core) -> None:
    """It does not look as if something were missing."""
    assert lines(await board(core)) == [
        "The board of all time",
        "Nobody is on this board yet. The first message takes first place.",
        "Ann is not on this board yet: a message is enough.",
    ]


async def test_who_contributed_most_stands_first(core: Core) -> None:
    """Equal scores share a rank and a medal, and the next rank counts both."""
    for who, times in ((ANN, 2), (BOB, 5), (CAT, 2), (person("eve"), 1)):
        await write(core, who, times)

    shown = lines(await board(core))

    assert shown[1] == "🥇 Bob · 5"
    assert set(shown[2:4]) == {"🥈 Ann · 2", "🥈 Cat · 2"}
    assert shown[4] == "4. Eve · 1"
    assert shown[5:] == ["Ann: rank 2 with 2."]


async def test_a_week_and_a_month_begin_anew(core: Core) -> None:
    """Points of Sunday are not in this week, points of last month not in this month."""
    await write(core, ANN, 5, since=NOON - 10 * DAY)
    await write(core, BOB, 3, since=SUNDAY)
    await write(core, CAT, 2)

    assert lines(await board(core, "/leaderboard week"))[1:] == [
        "🥇 Cat · 2",
        "Ann is not on this board yet: a message is enough.",
    ]
    assert lines(await board(core, "/leaderboard month"))[1:3] == ["🥇 Bob · 3", "🥈 Cat · 2"]
    assert lines(await board(core, "/leaderboard all"))[1:4] == ["🥇 Ann · 5", "🥈 Bob · 3", "🥉 Cat · 2"]


async def test_a_place_has_a_board_of_its_own(core: Core) -> None:
    """Of all time and of a period, in both grammars."""
    await write(core, ANN, 4)
    await write(core, BOB, 2, spot=STAFF)

    typed_line = await board(core, '/leaderboard all "#staff"')
    picked = await core.invoke(chosen("leaderboard", ANN, period="week", place=STAFF))

    assert lines(typed_line)[:2] == ["The board of all time · #staff", "🥇 Bob · 2"]
    assert lines(picked)[:2] == ["This week's board · #staff", "🥇 Bob · 2"]
    assert lines(picked)[-1].startswith("Ann is not on this board yet")


@pytest.mark.parametrize("line", ["/leaderboard", "/leaderboard week", "/leaderboard all lobby"])
async def test_a_board_is_turned_page_by_page(core: Core, line: str) -> None:
    """Ten on a page, forwards and back in the message itself; no button leads to an empty page."""
    for number in range(23):
        await write(core, Person(NAME, f"9{number}", f"p{number}"), 23 - number)

    first = await board(core, line, BOB)
    second = await press(core, first, "▶", BOB)
    third = await press(core, second, "▶", BOB)

    assert [len(lines(page)) - 2 for page in (first, second, third)] == [10, 10, 3]
    assert [[button.label for button in page.buttons] for page in (first, second, third)] == [["▶"], ["◀", "▶"], ["◀"]]
    assert lines(second)[1] == "11. p10 · 13"
    assert all(page.replaces for page in (second, third))
    assert all(lines(page)[-1].startswith("Bob") for page in (first, second, third))
    assert await press(core, third, "◀", BOB) == second


async def test_a_place_of_another_platform_has_a_board(core: Core) -> None:
    """One community is on several platforms, and any of them can ask about it, page by page."""
    core.plug(Recorder(name="elsewhere"))
    there = Spot("elsewhere", "-4242", "topic", "books", HOME)
    for number in range(11):
        await write(core, Person(NAME, f"9{number}", f"p{number}"), 2 if number else 1, spot=there)

    second = await press(core, await board(core, "/leaderboard all books"), "▶")

    assert lines(second)[:2] == ["The board of all time · books", "11. p0 · 1"]


async def test_ranks_go_on_across_pages(core: Core) -> None:
    """A member with the score of the last on the page before shares that rank."""
    for number in range(12):
        await write(core, Person(NAME, f"9{number}", f"p{number}"), 2)

    second = await press(core, await board(core), "▶")

    assert all(line.startswith("🥇") for line in lines(second)[1:3])


async def test_one_leaves_the_boards_and_returns(core: Core) -> None:
    """On every board at once; points and level stay, a second time changes nothing, and it concerns oneself only."""
    await write(core, ANN, 3)
    await write(core, BOB, 2)

    left = await core.invoke(typed("/boards leave"))
    await core.invoke(typed("/boards leave"))

    assert left.private
    for line in ("/leaderboard", "/leaderboard week"):
        shown = lines(await board(core, line))
        assert shown[1:] == ["🥇 Bob · 2", "Ann is not on the boards. /boards return changes that."]
    assert (await core.invoke(typed("/points show"))).plain.startswith("Ann has 3 points")

    await press(core, left, "Return")

    for line in ("/leaderboard", "/leaderboard week"):
        assert lines(await board(core, line))[1:] == ["🥇 Ann · 3", "🥈 Bob · 2", "Ann: rank 1 with 3."]


async def test_whoever_earns_after_leaving_the_boards_stays_off(core: Core) -> None:
    """The choice lasts."""
    await core.absorb([posted("a")])
    await core.invoke(typed("/boards leave"))
    await write(core, ANN, 3, since=NOON + DAY)

    assert "🥇" not in (await board(core)).plain


async def test_who_left_the_community_is_on_no_board(core: Core) -> None:
    """And is there again after coming back, with all points."""
    await write(core, ANN, 1)
    await write(core, BOB, 2)

    await core.absorb([MemberLeft(cause="gone", at=NOON + 1, who=BOB, spot=LOBBY)])
    for line in ("/leaderboard", "/leaderboard week"):
        assert lines(await board(core, line))[1:] == ["🥇 Ann · 1", "Ann: rank 1 with 1."]

    await core.absorb([MemberJoined(cause="back", at=NOON + 2, who=BOB, spot=LOBBY)])
    assert lines(await board(core))[1] == "🥇 Bob · 2"


async def test_what_is_given_away_does_not_move_the_board(core: Core, clock: HandClock) -> None:
    """Scores count contributions, so nobody tips a friend to the top."""
    await write(core, ANN, 3)
    await write(core, BOB, 1)
    clock.move(NOON + 4 * DAY)
    before = lines(await board(core))

    await core.invoke(typed("/tip @bob 3"))

    assert lines(await board(core)) == before


@pytest.mark.parametrize("page", ["0", "-1", "10001", "1.5", "second"])
async def test_a_page_that_cannot_be_is_refused(core: Core, home: int, page: str) -> None:
    """The refusal says what is allowed."""
    del home

    assert (await board(core, f'/leaderboard all "" {page}')).plain.startswith("page: ")


async def test_a_page_beyond_the_last_has_a_way_back(core: Core) -> None:
    """A button pressed after others left leads somewhere."""
    await write(core, ANN, 1)

    beyond = await board(core, '/leaderboard all "" 7')

    assert "There is no such page." in beyond.plain
    assert [button.label for button in beyond.buttons] == ["◀"]


async def test_names_are_shown_as_they_are(core: Core) -> None:
    """A name cannot format itself or mention anybody."""
    sly = Person(NAME, "666", "**@everyone** [x](https://x.example)")
    await write(core, sly, 1)

    (line,) = [span for span in (await board(core)).text if "everyone" in span.text]

    assert (line.bold, line.link, line.mention) == (False, None, None)
    assert "**@everyone** [x](https://x.example)" in line.text


async def test_staff_stand_aside_where_that_is_wanted(core: Core) -> None:
    """At once and later, on every board, until it is switched off or they are no longer staff."""
    boss = replace(BOB, roles=frozenset({MODERATES}))
    await write(core, ANN, 1)
    await core.absorb([posted("boss", boss, at=NOON), posted("more", boss, at=NOON + 120_000)])
    assert lines(await board(core))[1] == "🥇 Bob · 2"

    await core.invoke(typed("/settings set boards.staff off", BOB, access=Access.ADMIN))
    for line in ("/leaderboard", "/leaderboard week", "/leaderboard season"):
        assert lines(await board(core, line))[1:] == ["🥇 Ann · 1", "Ann: rank 1 with 1."]
    own = await core.invoke(typed("/leaderboard", BOB))
    assert "staff are not on the boards" in own.plain

    await core.absorb([posted("late", replace(CAT, roles=frozenset({MODERATES})))])
    assert lines(await board(core))[1:] == ["🥇 Ann · 1", "Ann: rank 1 with 1."]

    await core.absorb([posted("former", replace(BOB, roles=frozenset()))])
    assert lines(await board(core))[1] == "🥇 Bob · 3"

    await core.invoke(typed("/settings set boards.staff on", BOB, access=Access.ADMIN))
    assert lines(await board(core))[1:4] == ["🥇 Bob · 3", "🥈 Cat · 1", "🥈 Ann · 1"]
    home = await home_of(core)
    async with core.store.read() as tx:
        assert await proof.prove(tx, home) == []
