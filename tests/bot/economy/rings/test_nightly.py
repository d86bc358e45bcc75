"""Staff see, once and with the evidence, who gives to whom; nobody else does, and nobody loses anything by it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Post, Reply, Tone
from bot.kit.references import Person
from tests.bot.purses import ADMIN, balances, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, NAME, NOON, STAFF, Recorder, posted, typed


@pytest.fixture
async def free(core: Core) -> Core:
    """Everybody has a thousand points and may give them at once."""
    await meet(core, 1000)
    for key in ("tips.daily", "tips.pair"):
        await rules(core, f"/settings set {key} 0")
    await rules(core, "/settings set fair.min_days 0s")
    return core


@pytest.fixture
async def ready(free: Core) -> Core:
    """Staff have a place."""
    await free.absorb([posted("s", ADMIN, spot=STAFF)])
    await rules(free, f"/settings set community.staff_place {STAFF.id}")
    return free


async def gives(core: Core, who: Person, to: Person, *amounts: int) -> None:
    for amount in amounts:
        assert (await says(core, f"/tip @{to.username} {amount}", who)).tone is Tone.GOOD


async def night(core: Core, clock: HandClock) -> None:
    await core.pass_time(clock, clock.now() + DAY)


def told(recorder: Recorder) -> Sequence[str]:
    """What staff heard of rings."""
    return [
        each.reply.plain for each in recorder.effects if isinstance(each, Post) and each.reply.plain.startswith("🔎")
    ]


async def listed(core: Core, who: Person = ADMIN) -> Reply:
    return await core.invoke(typed("/rings list", who, access=Access.STAFF))


async def test_staff_are_told_once_with_the_evidence(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Who gave how much to which member, how often, and what share of each member's gifts that is; nothing changes."""
    await gives(ready, ANN, BOB, 10, 20, 30)
    await gives(ready, BOB, ANN, 15, 15, 15)
    await gives(ready, CAT, ANN, 15)
    before = await balances(ready, ANN, BOB, CAT)
    for _ in range(3):
        await night(ready, clock)

    (said,) = told(recorder)
    assert said == (
        "🔎 Ring 1: most of what these members were given came from each other.\n"
        "2 members. Within 30 days 105 points went round.\n"
        "• Bob got 60 of 60 points from this group: 100%\n"
        "• Ann got 45 of 60 points from this group: 75%\n"
        "→ Ann gave Bob 60 points in 3 gifts\n"
        "→ Bob gave Ann 45 points in 3 gifts\n"
        "Friends do this, and so do second accounts. Nothing was changed: look into it, and close it when all is well."
    )
    assert await balances(ready, ANN, BOB, CAT) == before
    await proven(ready)


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ([60], [60]),
        ([30, 30], [30, 30]),
        ([10, 10, 9], [10, 10, 10]),
        ([10, 10, 10], []),
    ],
)
async def test_this_is_none(
    ready: Core, clock: HandClock, recorder: Recorder, there: list[int], back: list[int]
) -> None:
    """Gifts once or twice, too small, or one way only."""
    await gives(ready, ANN, BOB, *there)
    await gives(ready, BOB, ANN, *back)
    await night(ready, clock)

    assert told(recorder) == []


async def test_what_was_taken_back_or_long_ago_is_none(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """The last thirty days count; and an amount of 0 turns it off."""
    await rules(ready, "/settings set rings.amount 0")
    await gives(ready, ANN, BOB, 10, 20, 30)
    await gives(ready, BOB, ANN, 15, 15, 15)
    await night(ready, clock)
    assert told(recorder) == []

    await rules(ready, "/settings set rings.amount 30")
    clock.move(NOON + 31 * DAY)
    await night(ready, clock)
    assert told(recorder) == []


async def test_three_go_round_by_thanks_and_reactions(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """All gifts, thanks and reactions count, and a member with many admirers is in no ring."""
    await rules(ready, "/settings set thanks.points 40")
    await rules(ready, "/settings set rings.amount 100")
    for day in range(3):
        at = clock.now()
        await ready.absorb([posted(f"{who.username}{day}", who, at=at) for who in (ANN, BOB, CAT)])
        for who, to in ((ANN, BOB), (BOB, CAT), (CAT, ANN)):
            thanks = posted(f"t{who.username}{day}", who, at=at, about=f"{to.username}{day}")
            await ready.absorb([replace(thanks, text="thanks")])
        clock.move(at + DAY)
    await night(ready, clock)

    assert len(told(recorder)) == 1
    assert "3 members. Within 30 days 360 points went round." in told(recorder)[0]


async def test_a_closed_ring_is_told_again_only_when_it_grows(
    ready: Core, clock: HandClock, recorder: Recorder
) -> None:
    """When twice as much goes round, or a member is new; it keeps its number."""
    await gives(ready, ANN, BOB, 20, 20, 20)
    await gives(ready, BOB, ANN, 20, 20, 20)
    await night(ready, clock)
    done = await presses(ready, await listed(ready), who=ADMIN)
    assert done.plain == "Ring 1 is closed. I tell you again only when it grows."
    assert (await listed(ready)).plain.startswith("There are no open rings.")

    await gives(ready, ANN, BOB, 59)
    await gives(ready, BOB, ANN, 60)
    await night(ready, clock)
    assert len(told(recorder)) == 1

    await gives(ready, ANN, BOB, 1)
    await night(ready, clock)
    assert told(recorder)[1].startswith("🔎 Ring 1 has grown since you last saw it.")
    assert "Within 30 days 240 points went round." in (await listed(ready)).plain

    await rules(ready, "/rings close 1")
    await gives(ready, BOB, CAT, 10, 10, 10)
    await gives(ready, CAT, BOB, 10, 10, 10)
    await night(ready, clock)
    assert "3 members." in told(recorder)[2]
    assert told(recorder)[2].startswith("🔎 Ring 1 has grown")


async def test_a_night_tells_of_ten(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Those with most points first; the next night tells the others, and a list shows five."""
    crowd = [Person(NAME, f"90{number}", f"M{number}", f"m{number}") for number in range(24)]
    await ready.absorb([posted(f"m{each.username}", each) for each in crowd])
    for number, (one, other) in enumerate(zip(crowd[::2], crowd[1::2], strict=True)):
        await rules(ready, f"/points give @{one.username} 900 x")
        await gives(ready, one, other, 100 + number, 10, 10)
        await gives(ready, other, one, 100, 10, 10)
    await night(ready, clock)
    assert len(told(recorder)) == 10
    assert "M22 gave M23 131 points" in told(recorder)[0]

    await night(ready, clock)

    assert len(told(recorder)) == 12
    shown = await listed(ready)
    assert [each.line for each in shown.buttons] == [f"/rings close {number}" for number in (1, 2, 3, 4, 5)]
    assert shown.plain.endswith("… and more rings: close some of these to see them.")


async def test_without_a_place_for_staff_the_list_has_it(free: Core, clock: HandClock, recorder: Recorder) -> None:
    """Nobody is told, and nothing is lost."""
    await gives(free, ANN, BOB, 20, 20, 20)
    await gives(free, BOB, ANN, 20, 20, 20)
    await night(free, clock)

    assert told(recorder) == []
    assert "Ann gave Bob 60 points" in (await listed(free)).plain


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/rings close 9", "There is no ring with this number."),
        ("/rings close 0", "There is no ring with this number."),
        ("/rings close ９", "There is no ring with this number."),
        ("/rings close -1", "There is no ring with this number."),
        ("/rings close 9223372036854775808", "There is no ring with this number."),
        ("/rings close 1.5", "is not a whole number."),
        ("/rings close 1e309", "is not a whole number."),
        ("/rings close ٣", "is not a whole number."),
        ("/rings close \u202e", "is not a whole number."),
        ("/rings close <b>", "is not a whole number."),
        ("/rings close @everyone", "is not a whole number."),
    ],
)
async def test_what_is_no_ring_is_refused(ready: Core, line: str, said: str) -> None:
    """The refusal says what would help."""
    reply = await rules(ready, line)

    assert reply.private
    assert said in reply.plain


async def test_a_ring_is_closed_once(ready: Core, clock: HandClock) -> None:
    """A second press is told that it was closed."""
    await gives(ready, ANN, BOB, 20, 20, 20)
    await gives(ready, BOB, ANN, 20, 20, 20)
    await night(ready, clock)
    shown = await listed(ready)
    await presses(ready, shown, who=ADMIN)

    assert "Ring 1 was closed before." in (await presses(ready, shown, who=ADMIN)).plain


async def test_members_see_nothing_of_it(ready: Core) -> None:
    """Members should not judge each other by it."""
    for line in ("/rings list", "/rings close 1"):
        assert (await says(ready, line)).plain == "Only moderators and administrators can do this. Ask one of them."
