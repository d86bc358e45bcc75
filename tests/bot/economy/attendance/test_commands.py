"""A gathering from its opening to its end, and what moderators correct in it."""

import re

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Post, Reply, Tell
from bot.kit.events import MemberLeft
from bot.kit.references import Person, Spot
from models import audit, gatherings
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, balances, entries, meet, presses, proven, rules, says
from tests.bot.recorder import (
    ANN,
    BOB,
    CAT,
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


@pytest.fixture(autouse=True)
async def community(core: Core) -> None:
    """Everybody has 100 points."""
    await meet(core)


async def opens(core: Core, line: str = "Tea 2h") -> Reply:
    return await rules(core, f"/attendance open {line}")


async def passes(core: Core, clock: HandClock, hours: int) -> None:
    await core.pass_time(clock, clock.now() + hours * HOUR)


async def test_members_press(core: Core) -> None:
    """Each is noted and paid once, outside the daily cap, and the ledger says what for."""
    await rules(core, "/settings set points.daily_cap 1")
    opened = await opens(core)
    assert opened.plain.splitlines() == [
        "📍 Tea: are you here? Press the button.",
        "It is worth 10 points.",
        "Open for 2 hours. Number 1.",
    ]

    first, again = [await presses(core, opened) for _ in range(2)]
    await presses(core, opened, who=BOB)

    assert (first.plain, first.private) == ("You are on the list of Tea: +10 points. Good to have you here!", True)
    assert again.plain.startswith("You are on the list")
    assert await balances(core, ANN, BOB, CAT) == [110, 110, 100]
    (entry, *_) = await entries(core, ANN)
    assert (entry.kind, entry.reason, entry.note, entry.counts, entry.actor_id) == (
        "earn", "attendance", "Tea", True, None,
    )  # fmt: skip
    await proven(core)


async def test_a_gathering_closes_by_itself(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """To the minute and once: thanks where it was opened, and the list to the member who opened it."""
    opened = await opens(core)
    await presses(core, opened)
    await passes(core, clock, 3)
    await core.settle()

    said = [effect for effect in recorder.effects if isinstance(effect, Post | Tell)]
    thanks = [each for each in said if isinstance(each, Post) and "is over" in each.reply.plain]
    lists = [each for each in said if isinstance(each, Tell) and "Tea (number 1)" in each.reply.plain]
    assert [each.reply.plain for each in thanks] == ["📍 Tea is over. 1 member was there: thank you!"]
    assert [each.reply.plain for each in lists] == ["Tea (number 1)\n1. Ann\n1 member, 10 points in all."]
    assert (await presses(core, opened, who=BOB)).plain.startswith("Tea is over, and its list is closed.")


async def test_a_gathering_is_closed_by_hand(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """The list comes at once; the reminder finds nothing more to do, and a second close is refused."""
    await presses(core, await opens(core))

    closed = await rules(core, "/attendance close")
    assert (closed.plain, closed.private) == ("Tea (number 1)\n1. Ann\n1 member, 10 points in all.", True)
    assert (await rules(core, "/attendance close 1")).plain.startswith("Tea is over")
    assert (await rules(core, "/attendance close")).plain.startswith("Nothing is going on just now.")
    await passes(core, clock, 3)
    assert sum("thank you" in said for said in recorder.said) == 1


async def test_a_late_bell_lets_nobody_in(core: Core, clock: HandClock) -> None:
    """The end is the end, even if our process is down at that moment."""
    opened = await opens(core, "Tea 1m")
    late = typed(opened.buttons[0].line, ANN, at=NOON + HOUR, pressed=True)
    clock.move(NOON + HOUR)

    assert (await core.invoke(late)).plain.startswith("Tea is over")


async def test_a_code_keeps_out_who_is_not_there(core: Core, recorder: Recorder) -> None:
    """Only the member who opened it is told the code, and there is no button without it."""
    opened = await opens(core, "Tea 2h 5 on")
    await core.settle()
    assert opened.buttons == ()
    (told,) = [each for each in recorder.effects if isinstance(each, Tell) and "The code for Tea" in each.reply.plain]
    (code,) = re.findall(r"is (\w{6})\.", told.reply.plain)
    assert code not in opened.plain
    assert code in (await rules(core, "/attendance list")).plain

    assert (await says(core, "/attend")).plain.startswith("Tea has a code")
    assert (await says(core, "/attend 000000")).plain.startswith("That is not the code.")
    assert (await says(core, f"/attend {code.lower()}")).plain.startswith("You are on the list of Tea: +5 points.")
    assert await balances(core, ANN) == [105]


async def test_who_guesses_wrong_keeps_nobody_out(core: Core) -> None:
    """Twenty members who guess as often as they may hinder nobody but themselves."""
    trolls = [person(f"troll {number}") for number in range(20)]
    await core.absorb([posted(100 + number, troll) for number, troll in enumerate(trolls)])
    await rules(core, '/attendance open "Tea party" 2h 5 on')
    async with core.store.read() as tx:
        (gathering,) = await gatherings.open_gatherings(tx, await home_of(core), 2, ())
    for troll in trolls:
        for number in range(5):
            await says(core, f"/attend WRONG{number}", troll)

    assert "too many wrong codes" in (await says(core, f"/attend {gathering.code}", trolls[0])).plain
    assert "Tea party" in (await says(core, f"/attend {gathering.code}", BOB)).plain


async def test_a_code_finds_its_gathering(core: Core, recorder: Recorder) -> None:
    """Of several gatherings it means the one with that code; without a code, the newest here."""
    await opens(core, "Tea 2h 5 on")
    await opens(core, "Cake 2h 7")
    await core.settle()
    (code,) = [found for said in recorder.said for found in re.findall(r"The code for Tea is (\w{6})\.", said)]

    assert "list of Tea" in (await says(core, f"/attend {code}")).plain
    assert "list of Cake" in (await says(core, "/attend")).plain
    assert "list of Cake" in (await says(core, '/attend "" 2', BOB)).plain
    assert await balances(core, ANN, BOB) == [112, 107]


async def test_a_member_is_taken_off_the_list(core: Core, recorder: Recorder) -> None:
    """Their points go too, once, audited and told; they cannot come again."""
    opened = await opens(core)
    for who in (ANN, BOB):
        await presses(core, opened, who=who)

    undone = await rules(core, "/attendance undo @ann")
    await core.settle()

    (_, entry, *_) = await entries(core, ANN)
    assert undone.plain == "Ann is off the list of Tea, and what they earned there is taken back."
    told = f"A moderator took you off the list of Tea: −10 points. If you were there, tell them the number {entry.id}."
    assert told in recorder.said
    assert (await rules(core, "/attendance list")).plain == "Tea (number 1)\n1. Bob\n1 member, 10 points in all."
    assert (await rules(core, "/attendance undo @ann")).plain == "Ann is not on the list of Tea."
    assert (await presses(core, opened)).plain.startswith("You are on the list")
    assert await balances(core, ANN, BOB) == [100, 110]
    async with core.store.read() as tx:
        (change,) = await audit.changes(tx, await home_of(core), "attendance.undo")
    assert (change.before, change.after) == ("110", "100")
    await proven(core)


async def test_what_an_administrator_undid_is_not_undone_twice(core: Core) -> None:
    """They are struck off the list all the same."""
    opened = await opens(core)
    await presses(core, opened)
    (entry, *_) = await entries(core, ANN)
    await rules(core, f"/points undo {entry.id}")

    assert (await rules(core, "/attendance undo @ann")).plain.startswith("Ann is off the list")
    assert await balances(core, ANN) == [100]
    await proven(core)


async def test_being_there_may_be_worth_nothing(core: Core) -> None:
    """Then it is a list and no more."""
    opened = await opens(core, "Tea 2h 0")

    assert "worth" not in opened.plain
    assert (await presses(core, opened)).plain == "You are on the list of Tea. Good to have you here!"
    assert await balances(core, ANN) == [100]


async def test_bots_are_refused_and_who_comes_back_is_there(core: Core) -> None:
    """A bot can never attend; a member who left and presses where it is held has come back."""
    opened = await opens(core)
    await core.absorb([MemberLeft(cause="left", at=NOON - 1, who=ANN, spot=HOME)])
    robot = Person(NAME, "99", "Robot", "robot", bot=True)

    assert (await presses(core, opened)).plain.startswith("You are on the list of Tea")
    assert (await presses(core, opened, who=robot)).plain.startswith("Bots cannot be there.")


async def test_many_come_as_a_file(core: Core) -> None:
    """The reply names the first fifty; the file has all, with names that no spreadsheet runs."""
    opened = await opens(core)
    crowd = [Person(NAME, f"5{each}", f"=cmd{each}", f"guest{each}") for each in range(51)]
    await core.absorb([posted(f"g{each.id}", each) for each in crowd])
    for each in crowd:
        await presses(core, opened, who=each)

    closed = await rules(core, "/attendance close")

    assert "50. =cmd49\n… and 1 more: the file has them all.\n51 members, 510 points in all." in closed.plain
    assert closed.document
    assert closed.document.name == "attendance-1.csv"
    assert closed.document.content.decode("utf-8-sig").splitlines()[:2] == [
        "name,at",
        "'=cmd0,2026-01-05 12:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("open", "this is missing"),
        ("open \u202e\u200b\0", "between 1 and 100 characters"),
        ('open "\u202e \u200b"', "between 1 and 100 characters"),
        (f"open {'x' * 4000}", "between 1 and 100 characters"),
        ("open Tea 10s", "between 1 minute and 7 days"),
        ("open Tea 8d", "between 1 minute and 7 days"),
        ("open Tea 2h -1", "between 0 and 1,000"),
        ("open Tea 2h 1001", "between 0 and 1,000"),
        ("open Tea 2h 1.5", "1.5 is not a whole number"),
        (f"open Tea 2h {2**63}", "between 0 and 1,000"),
        ("open Tea 2h 1e309", "1e309 is not a whole number"),
        ("open Tea 2h ٣", "٣ is not a whole number"),
        ("close", "Nothing is going on just now."),
        ("close 7", "There is no gathering with this number."),
        ("close x", "x is not a whole number"),
        (f"list {2**63 - 1}", "There is no gathering with this number."),
        ("list", "Nothing is going on just now."),
        ("undo @ann", "Nothing is going on just now."),
    ],
)
async def test_what_cannot_be_is_refused(core: Core, line: str, said: str) -> None:
    """One sentence says what to do."""
    assert said in (await rules(core, f"/attendance {line}")).plain


async def test_hostile_titles(core: Core) -> None:
    """Hostile titles are shown as they are, and control nothing."""
    opened = await opens(core, '"@everyone <b>\u202eTea\u200b" ２h １０')

    assert opened.plain.startswith("📍 @everyone <b>Tea: are you here?")
    assert not any(span.mention for span in opened.text)
    assert (await rules(core, "/attendance list")).plain == "@everyone <b>Tea (number 1)\nNobody is on the list."


async def test_moderators_only(core: Core) -> None:
    """Members may press, and no more."""
    for line in ("open Tea", "close", "list", "undo @bob"):
        assert (
            await says(core, f"/attendance {line}")
        ).plain == "Only moderators and administrators can do this. Ask one of them."
    staff = typed("/attendance open Tea", CAT, access=Access.STAFF)
    assert (await core.invoke(staff)).buttons


async def test_it_is_opened_where_members_are(core: Core) -> None:
    """In private there is nobody who could press."""
    dm, home = Spot(NAME, "dm:root", "dm", "Root"), await home_of(core)
    private = typed("/attendance open Tea", ADMIN, access=Access.ADMIN, home=home, spot=dm)

    assert (await core.invoke(private)).plain == "Open it where the members are: in a channel or a group."


async def test_the_newest_here_is_meant(core: Core) -> None:
    """Of two places, the moderator's own is meant."""
    await core.absorb([posted("s", ADMIN, spot=STAFF)])
    await opens(core, "Tea 2h")
    await core.invoke(typed("/attendance open Cake 2h", ADMIN, access=Access.ADMIN, spot=STAFF))

    assert (await rules(core, "/attendance close")).plain.startswith("Tea")
    assert (await rules(core, "/attendance close")).plain.startswith("Cake")
    assert LOBBY != STAFF
    async with core.store.read() as tx:
        assert await gatherings.open_gatherings(tx, await home_of(core), 9, ()) == []


async def test_numbers_are_suggested(core: Core) -> None:
    """They are suggested by title or number; for closing only the open ones."""
    for title in ("Tea", "Cake"):
        await opens(core, title)
    await rules(core, "/attendance close 1")

    async def offered(command: str, typed_so_far: str) -> list[str]:
        asked = chosen(command, ADMIN, access=Access.ADMIN, number=typed_so_far)
        return [choice.label for choice in await core.suggest(asked, "number")]

    assert await offered("attendance list", "") == ["#2 · Cake", "#1 · Tea"]
    assert await offered("attendance list", "te") == ["#1 · Tea"]
    assert await offered("attendance close", "") == ["#2 · Cake"]
    assert person("ann") == ANN
