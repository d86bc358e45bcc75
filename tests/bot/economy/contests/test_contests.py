"""Contests: entries, votes, and a prize that is won, shared or given back, to the last point, and once."""

import asyncio

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.economy.contests.rules import best
from bot.kit import Access, Post, Tell, Tone
from bot.kit.events import MemberLeft
from bot.kit.references import Person
from models.pots import Scored, Seat
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, balances, entries, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, LOBBY, Recorder, chosen, person, posted, typed

OPEN = '/contest open "Best snippet" 50 3d'


@pytest.fixture
async def ready(core: Core, clock: HandClock) -> Core:
    """Everybody has 100 points, and has been here for a while."""
    await meet(core)
    clock.move(clock.now() + DAY)
    return core


async def passes(core: Core, clock: HandClock, time: int = 3 * DAY) -> None:
    await core.pass_time(clock, clock.now() + time)


async def in_escrow(core: Core) -> int:
    home = await home_of(core)
    async with core.store.read() as tx:
        row = await tx.one(
            "SELECT -SUM(amount) AS left_in FROM entry WHERE community_id = :home AND subject = 'contest:1'", home=home
        )
    return int(row["left_in"]) if row else 0


def scored(number: int, votes: int) -> Scored:
    return Scored(Seat(1, 1, number, number, 0, "x"), votes)


@pytest.mark.parametrize(
    ("votes", "winners", "won"),
    [([], 1, []), ([0, 0], 1, []), ([1, 3, 2], 1, [2]), ([1, 3, 2], 2, [2, 3]), ([2, 2], 1, [1]), ([0, 1], 3, [2])],
)
def test_who_wins(votes: list[int], winners: int, won: list[int]) -> None:
    """Most votes win; of equal entries the first; an entry without a vote never."""
    entered = [scored(number, count) for number, count in enumerate(votes, 1)]

    assert [each.seat.number for each in best(entered, winners)] == won


async def test_the_most_votes_win(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """At the end of its time; it is announced where it was opened, and the winner is told."""
    opened = await rules(ready, OPEN)
    assert "50 points to win." in opened.plain
    assert [button.line for button in opened.buttons] == ["/contest enter 1", "/contest show 1"]
    await says(ready, "/contest enter 1 `print()`", ANN)
    await says(ready, "/contest enter 1 a walrus", BOB)
    shown = await says(ready, "/contest show 1", CAT)
    assert [button.label for button in shown.buttons] == ["Take part in 1", "Vote for 1", "Vote for 2"]
    assert "Entry 2 by Bob · votes: 0" in shown.plain
    await presses(ready, shown, 2, CAT)
    await says(ready, "/contest vote 1 2", ANN)

    await passes(ready, clock)

    assert await balances(ready, ANN, BOB, CAT) == [100, 150, 100]
    (won, *_) = await entries(ready, BOB)
    assert (won.kind, won.reason, won.counts) == ("adjust", "contest_won", True)
    (said,) = [effect.reply.plain for effect in recorder.effects if isinstance(effect, Post)]
    assert said == "🏁 Contest 1: Best snippet\n🏆 Bob wins 50 points. Votes: 2\na walrus"
    assert [effect for effect in recorder.effects if isinstance(effect, Tell) and "You won" in effect.reply.plain]
    assert "is over" in (await says(ready, "/contest enter 1 too late", CAT)).plain
    await proven(ready)


async def test_a_prize_of_ones_own_is_in_escrow(ready: Core, clock: HandClock) -> None:
    """The best share it, and the first gets the remainder; the member who gave it cannot win."""
    await ready.invoke(typed("/points give @root 59 for the cups", person("boss"), access=Access.ADMIN))
    await rules(ready, '/contest open "Best snippet" 51 3d 2 on')
    assert await balances(ready, ADMIN) == [9]
    assert await in_escrow(ready) == 51
    assert "You put up the prize" in (await rules(ready, "/contest enter 1 mine")).plain
    await says(ready, "/contest enter 1 one", ANN)
    await says(ready, "/contest enter 1 two", BOB)
    await says(ready, "/contest vote 1 1", BOB)
    await says(ready, "/contest vote 1 2", ANN)

    await passes(ready, clock)

    assert await balances(ready, ANN, BOB, ADMIN) == [126, 125, 9]
    assert await in_escrow(ready) == 0
    await proven(ready)


async def test_a_prize_of_ones_own_comes_back(ready: Core, clock: HandClock) -> None:
    """When nobody wins it, or the contest is cancelled; nobody can put up more than they have."""
    await ready.invoke(typed("/points give @root 59 for the cups", person("boss"), access=Access.ADMIN))
    assert "which is less than 61" in (await rules(ready, '/contest open "Best snippet" 61 3d 1 on')).plain
    await rules(ready, '/contest open "Best snippet" 60 3d 1 on')
    await passes(ready, clock)
    assert await balances(ready, ADMIN) == [60]

    await rules(ready, '/contest open "Best snippet" 60 3d 1 on')
    await rules(ready, "/contest cancel 2")

    assert await balances(ready, ADMIN) == [60]
    await proven(ready)


async def test_new_points_come_from_administrators(ready: Core) -> None:
    """A moderator can put up their own points, and no others."""
    refused = await ready.invoke(typed(OPEN, ANN, access=Access.STAFF))
    assert "Only administrators can offer new points." in refused.plain

    opened = await ready.invoke(typed(f"{OPEN} 1 yes", ANN, access=Access.STAFF))
    assert opened.tone is Tone.GOOD
    assert await balances(ready, ANN) == [50]


async def test_nobody_votes_and_nobody_wins(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Then it is over, and nothing is paid."""
    await rules(ready, OPEN)
    await says(ready, "/contest enter 1 a walrus", BOB)

    await passes(ready, clock)

    assert await balances(ready, ANN, BOB) == [100, 100]
    assert "nobody won" in recorder.said[-1]


async def test_one_entry_and_one_vote_each(ready: Core, clock: HandClock) -> None:
    """A changed entry loses its votes; a vote can move; a withdrawn entry gets no votes."""
    await rules(ready, OPEN)
    assert "is in" in (await says(ready, "/contest enter 1 one", ANN)).plain
    await says(ready, "/contest enter 1 two", BOB)
    await says(ready, "/contest vote 1 1", CAT)
    assert "its votes start again at zero" in (await says(ready, "/contest enter 1 another", ANN)).plain
    shown = (await says(ready, "/contest show 1", CAT)).plain
    assert "Entry 1 by Ann · votes: 0\nanother" in shown
    await says(ready, "/contest vote 1 1", CAT)
    await says(ready, "/contest vote 1 2", CAT)
    assert "Entry 2 by Bob · votes: 1" in (await says(ready, "/contest show 1", CAT)).plain

    await says(ready, "/contest withdraw 1", BOB)

    assert "no entry in contest" in (await says(ready, "/contest withdraw 1", BOB)).plain
    assert "has no such entry" in (await says(ready, "/contest vote 1 2", CAT)).plain
    await passes(ready, clock)
    assert await balances(ready, ANN, BOB) == [100, 100]


async def test_who_may_vote(ready: Core, clock: HandClock) -> None:
    """Nobody for themselves, and no account newer than the contest; votes of members who left do not count."""
    await rules(ready, OPEN)
    await says(ready, "/contest enter 1 one", ANN)
    assert (await says(ready, "/contest vote 1 1", ANN)).plain == "You can't vote for your own entry."
    clock.move(clock.now() + 1000)
    fresh = person("fresh")
    assert "who were here when the contest opened" in (await says(ready, "/contest vote 1 1", fresh)).plain
    await says(ready, "/contest vote 1 1", CAT)

    await ready.absorb([MemberLeft(cause="left", at=clock.now(), who=CAT, spot=LOBBY)])
    await passes(ready, clock)

    assert await balances(ready, ANN) == [100]


async def test_staff_may_judge(ready: Core) -> None:
    """Then it is over at once, whatever the votes say, and once."""
    await rules(ready, OPEN)
    await says(ready, "/contest enter 1 one", ANN)
    await says(ready, "/contest enter 1 two", BOB)
    await says(ready, "/contest vote 1 1", CAT)

    replies = await asyncio.gather(*(rules(ready, "/contest award 1 2") for _ in range(3)))

    assert sorted("is over" in each.plain for each in replies) == [True] * 3
    assert await balances(ready, ANN, BOB) == [100, 150]
    await proven(ready)


async def test_nobody_judges_oneself(ready: Core) -> None:
    """A judge may take part, but somebody else must award them points."""
    await rules(ready, OPEN)
    await rules(ready, "/contest enter 1 mine")
    await says(ready, "/contest enter 1 one", ANN)

    assert (await rules(ready, "/contest award 1 1")).plain.startswith("That entry is yours.")

    await rules(ready, "/contest award 1 2")
    assert await balances(ready, ADMIN, ANN) == [1, 150]


async def test_the_same_entry_delivered_twice_keeps_its_votes(ready: Core) -> None:
    """Platforms deliver twice."""
    await rules(ready, OPEN)
    entry = typed("/contest enter 1 one", cause="recorder:msg:1")
    await ready.invoke(entry)
    await says(ready, "/contest vote 1 1", BOB)

    assert (await ready.invoke(entry)).plain == "This was done already."
    assert "votes: 1" in (await says(ready, "/contest show 1", CAT)).plain


async def test_two_processes_end_once(two: tuple[Core, Core], clock: HandClock) -> None:
    """One opened it and both end it at the same time, as after a restart; the prize leaves the escrow once."""
    one, other = two
    await meet(one)
    clock.move(clock.now() + DAY)
    await one.invoke(typed("/points give @root 59 for the cups", person("boss"), access=Access.ADMIN))
    await rules(one, '/contest open "Best snippet" 50 1h 1 on')
    await asyncio.gather(says(one, "/contest enter 1 one", ANN), says(other, "/contest enter 1 two", BOB))
    for entry in (1, 2):
        await says(other, f"/contest vote 1 {entry}", CAT)
    winner = [each for each in (ANN, BOB) if "Entry 2 by " + each.name in (await says(one, "/contest show 1")).plain]
    clock.move(clock.now() + DAY)

    await asyncio.gather(one.settle(), other.settle(), *(rules(core, "/contest cancel 1") for core in two))

    assert await balances(other, *winner, ADMIN) == [150, 10]
    assert sum(await balances(other, ANN, BOB, CAT)) == 350
    assert await in_escrow(one) == 0
    await proven(other)


@pytest.mark.parametrize("prize", ["0", "-1", "1.5", "1e309", str(2**63), "1000001", "٣", '""'])
async def test_a_bad_prize_is_refused(ready: Core, prize: str) -> None:
    """The refusal says which option, why, and gives an example; no contest is opened."""
    refused = await rules(ready, f"/contest open Best {prize}")

    assert refused.plain.startswith("prize: ")
    assert (await says(ready, "/contest list")).plain == "No contest is open just now."


@pytest.mark.parametrize(
    ("title", "kept"), [("\u202eBest\u200b", "Best"), ("@everyone", "@everyone"), ("<b>", "<b>"), ("a\0b", "ab")]
)
async def test_a_title_is_kept_as_it_can_be_shown(ready: Core, title: str, kept: str) -> None:
    """Invisible characters are removed."""
    await ready.invoke(chosen("contest open", ADMIN, access=Access.ADMIN, title=title, prize=5))

    assert (await says(ready, "/contest list")).plain == f"🏁 Contest 1: {kept}"


@pytest.mark.parametrize("text", ["", "\u200b", "\u202e", "\0", "x" * 1001, "x" * 4000])
async def test_an_entry_that_cannot_be_shown_is_refused(ready: Core, text: str) -> None:
    """An entry is refused if nothing in it is visible, or if it is too long."""
    await rules(ready, OPEN)

    refused = await ready.invoke(chosen("contest enter", ANN, contest="1", text=text))

    assert refused.plain.startswith("text: ")


async def test_a_cancelled_contest_pays_nobody(ready: Core, clock: HandClock) -> None:
    """And it cannot be ended again."""
    await rules(ready, OPEN)
    await says(ready, "/contest enter 1 one", ANN)
    await says(ready, "/contest vote 1 1", CAT)
    await rules(ready, "/contest cancel 1")

    await passes(ready, clock)

    assert await balances(ready, ANN) == [100]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/contest enter 9 one", "there is no open contest with that number"),
        ("/contest enter x one", "x is not a whole number"),
        ("/contest enter 1", "text: this is missing."),
        (f"/contest enter 1 {'x' * 1001}", "it must have between 1 and 1,000 characters"),
        ("/contest show 9", "there is no open contest"),
        ("/contest vote 1 9", "has no such entry"),
        ("/contest vote 1 0", "it must be between 1 and 100,000"),
        ("/contest vote 1 1.5", "1.5 is not a whole number"),
        ("/contest vote 1 ٣", "٣ is not a whole number"),
        ("/contest open Best 50", "Only moderators"),
        ("/contest award 1 1", "Only moderators"),
        ("/contest cancel 1", "Only moderators"),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, said: str) -> None:
    """The member gets one private sentence, and nothing changes."""
    await rules(ready, OPEN)

    refused = await says(ready, line)

    assert (refused.private, refused.tone) == (True, Tone.CAREFUL)
    assert said in refused.plain


async def test_pages_turn(ready: Core) -> None:
    """A page has five entries, in the order in which they came."""
    many = [Person("recorder", f"9{number}", f"M{number}", f"m{number}") for number in range(7)]
    await ready.absorb([posted(f"m{each.id}", each) for each in many])
    await rules(ready, OPEN)
    for each in many:
        await says(ready, f"/contest enter 1 by {each.name}", each)

    first = await says(ready, "/contest show 1", CAT)
    second = await presses(ready, first, len(first.buttons) - 1, CAT)

    assert "by M4" in first.plain
    assert "by M5" not in first.plain
    assert "by M6" in second.plain
    assert [button.label for button in second.buttons] == ["Take part in 1", "Vote for 6", "Vote for 7", "◀"]
