"""A reaction that gives: by the rules of the command, once for a message, and taken back if removed soon."""

from collections.abc import Sequence

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Tell
from bot.kit.references import Person
from models import members
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, balances, entries, id_of, proven
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOUR, NAME, NOON, Recorder, posted, reacted, typed, unreacted

LATER = NOON + 4 * DAY
MINUTE = 60_000


@pytest.fixture
async def ready(core: Core, clock: HandClock) -> Core:
    """Bob has thirty and Ann wrote message 1; a thumb gives five, and nothing else earns."""
    await core.absorb([posted("a", ANN), posted("b", BOB), posted("c", CAT), posted("r", ADMIN)])
    for line in (
        "points give @bob 29 welcome",
        "settings set tips.emoji 👍",
        "settings set tips.emoji_amount 5",
        "settings set points.reaction 0",
        "settings set points.message 0",
    ):
        await core.invoke(typed(f"/{line}", ADMIN, access=Access.ADMIN))
    clock.move(LATER)
    await core.absorb([posted(1, ANN, at=LATER)])
    return core


async def told(core: Core, recorder: Recorder, who: Person) -> Sequence[str]:
    await core.settle()
    number = await id_of(core, who)
    return [each.reply.plain for each in recorder.effects if isinstance(each, Tell) and each.member == number]


async def test_a_reaction_gives(ready: Core, recorder: Recorder) -> None:
    """From the reacting member's own points, with the emoji as note; the receiver hears of the first one in a day."""
    await ready.absorb([reacted(1, at=LATER)])
    await ready.absorb([posted(2, ANN, at=LATER), reacted(2, at=LATER)])

    assert await balances(ready, ANN, BOB) == [11, 20]
    given = (await entries(ready, BOB))[0]
    assert (given.kind, given.reason, given.amount, given.note) == ("transfer", "tip", -5, "👍")
    assert given.cause == reacted(2).cause
    (heard,) = await told(ready, recorder, ANN)
    assert heard.startswith("👍 Bob gave you 5 points with a reaction.")
    assert not any(effect.repeats for effect in recorder.effects)
    await proven(ready)


@pytest.mark.parametrize(("minutes", "left"), [(0, 30), (10, 30), (10.01, 25), (600, 25)])
async def test_a_fresh_reaction_taken_away_gives_back(ready: Core, minutes: float, left: int) -> None:
    """Within ten minutes on both sides; later it changes nothing."""
    await ready.absorb([reacted(1, at=LATER)])

    await ready.absorb([unreacted(1, at=LATER + round(minutes * MINUTE))])

    assert await balances(ready, BOB) == [left]
    await proven(ready)


async def test_added_and_removed_a_hundred_times_it_moves_at_most_once(ready: Core) -> None:
    """In separate batches and within one; once taken back, it does not give for this message again."""
    for _ in range(50):
        await ready.absorb([reacted(1, at=LATER)])
        assert await balances(ready, BOB) in ([25], [30])
        await ready.absorb([unreacted(1, at=LATER)])
    await ready.absorb([each for _ in range(50) for each in (reacted(1, at=LATER), unreacted(1, at=LATER))])
    await ready.absorb([reacted(1, at=LATER)])

    assert await balances(ready, ANN, BOB) == [1, 30]
    assert len([each for each in await entries(ready, BOB) if each.reason in ("tip", "removed")]) == 2
    await proven(ready)


async def test_a_second_delivery_gives_nothing(ready: Core) -> None:
    """Neither in one batch nor in the next, nor after an administrator took it back."""
    await ready.absorb([reacted(1, at=LATER), reacted(1, at=LATER)])
    await ready.absorb([reacted(1, at=LATER)])
    assert await balances(ready, BOB) == [25]

    number = (await entries(ready, BOB))[0].id
    await ready.invoke(typed(f"/points undo {number}", ADMIN, access=Access.ADMIN))
    await ready.absorb([unreacted(1, at=LATER), reacted(1, at=LATER)])

    assert await balances(ready, ANN, BOB) == [1, 30]
    await proven(ready)


async def test_what_is_no_gift_is_not_refused_either(ready: Core, recorder: Recorder, clock: HandClock) -> None:
    """One's own message, a bot's, one older than fourteen days, one nobody knows, another emoji."""
    robot = Person(NAME, "77", "Robot", "robot", bot=True)
    await ready.absorb([posted(3, robot, at=LATER), posted(4, BOB, at=LATER)])
    clock.move(LATER + 15 * DAY)
    await ready.absorb(
        [
            reacted(3, at=LATER),
            reacted(4, at=LATER),
            reacted(1, robot, at=LATER),
            reacted(1, at=LATER + 14 * DAY + 1),
            reacted(404, at=LATER),
        ]
    )
    await ready.invoke(typed("/settings set tips.emoji 💛", ADMIN, access=Access.ADMIN))
    await ready.absorb([posted(5, ANN, at=LATER), reacted(5, at=LATER)])

    assert await balances(ready, BOB) == [30]
    assert await told(ready, recorder, BOB) == []


async def test_a_message_of_fourteen_days_counts(ready: Core, clock: HandClock) -> None:
    """And the day after it does not."""
    clock.move(LATER + 14 * DAY)

    await ready.absorb([reacted(1, at=LATER + 14 * DAY)])

    assert await balances(ready, BOB) == [25]


async def test_a_refusal_is_told_once_a_day(ready: Core, recorder: Recorder, clock: HandClock) -> None:
    """For each reason, in the giver's language; the reaction stays, and nothing moves."""
    await ready.invoke(typed("/settings set tips.pair 4", ADMIN, access=Access.ADMIN))
    await ready.absorb([reacted(1, at=LATER), posted(2, ANN, at=LATER), reacted(2, at=LATER)])
    (heard,) = await told(ready, recorder, BOB)
    assert heard == (
        "Your 👍 stands, but no points went with it.\n"
        "You can give at most 4 points a day to the same member. Left for Ann today: 4."
    )
    await ready.invoke(typed("/settings set tips.pair 0", ADMIN, access=Access.ADMIN))
    await ready.invoke(typed("/points take @bob 30 rent", ADMIN, access=Access.ADMIN))
    await ready.absorb([posted(3, ANN, at=LATER), reacted(3, at=LATER)])
    assert (await told(ready, recorder, BOB))[-1].endswith("You have 0 points, which is less than 5.")

    clock.move(LATER + DAY)
    await ready.absorb([posted(6, ANN, at=LATER), reacted(6, at=LATER + DAY)])

    assert len([each for each in await told(ready, recorder, BOB) if each.startswith("Your 👍 stands")]) == 3
    assert not [each for each in await entries(ready, BOB) if each.kind == "transfer"]


async def test_whoever_is_new_waits(ready: Core, recorder: Recorder) -> None:
    """Just as with the command."""
    eve = Person(NAME, "55", "Eve", "eve")
    await ready.absorb([posted("e", eve, at=LATER), reacted(1, eve, at=LATER)])

    (heard,) = await told(ready, recorder, eve)
    assert "You can give points in 3 days." in heard


async def test_what_was_spent_meanwhile_is_owed(ready: Core) -> None:
    """If its points were spent, removing the reaction makes a visible debt, never a loss."""
    await ready.absorb([reacted(1, at=LATER)])
    await ready.invoke(typed("/tip @cat 6", ANN))

    await ready.absorb([unreacted(1, at=LATER + MINUTE)])

    assert await balances(ready, ANN, BOB, CAT) == [-5, 30, 7]
    await proven(ready)


async def test_gifts_by_reaction_and_by_command_share_their_limits(ready: Core) -> None:
    """Both are the same gifts."""
    await ready.invoke(typed("/settings set tips.daily 8", ADMIN, access=Access.ADMIN))
    await ready.absorb([reacted(1, at=LATER)])

    refused = await ready.invoke(typed("/tip @cat 4", BOB))

    assert refused.plain == "You can give at most 8 points a day. Left for today: 3."


async def test_a_member_of_two_accounts_gives_themselves_nothing(ready: Core) -> None:
    """Whichever account reacts to the other's message."""
    home, bob = await home_of(ready), await id_of(ready, BOB)
    async with ready.store.write() as tx:
        (account,) = await members.find_accounts(tx, home, [(NAME, BOB.id)])
        await tx.run(
            """
            INSERT INTO account (community_id, platform, external_id, member_id, name, username, reachable, linked_at)
            VALUES (:home, :platform, '99', :bob, :name, 'bobby', TRUE, 0)
            """,
            home=home,
            platform=NAME,
            bob=bob,
            name=account.name,
        )
    await ready.absorb([posted(7, Person(NAME, "99", "Bobby", "bobby"), at=LATER)])

    await ready.absorb([reacted(7, at=LATER + HOUR)])

    assert await balances(ready, BOB) == [30]
