"""A member who is thanked gets points, within limits, and no words are stored."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit.events import MemberLeft, MessageDeleted, MessageEdited, MessagePosted
from bot.kit.references import Person
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, balances, entries, id_of, proven, rules
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOUR, LOBBY, NAME, NOON, person, posted

LATER = NOON + 4 * DAY


def said(
    number: int,
    text: str,
    who: Person = ANN,
    *,
    to: int | None = None,
    at: int = LATER,
    mentioned: tuple[Person, ...] = (),
) -> MessagePosted:
    return replace(posted(number, who, at=at, about=to), text=text, length=len(text), mentioned=mentioned)


@pytest.fixture
async def ready(core: Core, clock: HandClock) -> Core:
    """Everybody has been known for four days, Bob wrote message 1 and Cat message 2, and only thanks earn anything."""
    await core.absorb([posted("a", ANN), posted("b", BOB), posted("c", CAT), posted("r", ADMIN)])
    for reason in ("message", "reply", "streak"):
        await rules(core, f"/settings set points.{reason} 0")
    clock.move(LATER)
    await core.absorb([posted(1, BOB, at=LATER), posted(2, CAT, at=LATER)])
    return core


async def test_whoever_is_thanked_earns(ready: Core) -> None:
    """In a reply, with its cause, its place and the thanking member, who earns nothing."""
    await ready.absorb([said(3, "thank you!", to=1)])

    assert await balances(ready, ANN, BOB) == [1, 3]
    earned = (await entries(ready, BOB))[0]
    assert (earned.kind, earned.reason, earned.amount, earned.counts) == ("earn", "thanks", 2, True)
    assert (earned.cause, earned.other_id) == ("recorder:msg:3", await id_of(ready, ANN))
    assert earned.place_id is not None
    await proven(ready)


async def test_nothing_of_what_was_said_is_kept(ready: Core) -> None:
    """Neither beside the entry nor anywhere else."""
    await ready.absorb([said(3, "thank you for the marzipan!", to=1)])

    home = await home_of(ready)
    async with ready.store.read() as tx:
        rows = [
            *await tx.all("SELECT * FROM entry WHERE community_id = :home", home=home),
            *await tx.all("SELECT * FROM activity WHERE community_id = :home", home=home),
            *await tx.all("SELECT * FROM dead_letter"),
        ]
    assert rows
    assert not [row for row in rows if any("marzipan" in str(row[key]) for key in row.keys())]  # noqa: SIM118 - a row


@pytest.mark.parametrize(
    "event",
    [
        said(3, "谢谢 @bob"),
        said(3, "thanks", mentioned=(BOB,)),
        said(3, "thanks @bob and @bob", to=1, mentioned=(BOB, BOB)),
    ],
)
async def test_a_name_will_do(ready: Core, event: MessagePosted) -> None:
    """As the platform tells it or as it is typed; a member both named and answered is thanked once."""
    await ready.absorb([event])

    assert await balances(ready, BOB) == [3]


@pytest.mark.parametrize(
    "event",
    [
        said(3, "thanks"),
        said(3, "no thanks", to=1),
        said(3, "不用谢", to=1),
        said(3, "well", to=1),
        said(3, "thanks", BOB, to=1),
        said(3, "thanks @bob", BOB),
        said(3, "thanks @nobody", to=404),
        said(3, "thanks", Person(NAME, "77", "Robot", "robot", bot=True), to=1),
    ],
)
async def test_this_thanks_nobody(ready: Core, event: MessagePosted) -> None:
    """Thanks to nobody, to oneself, by a bot, or not meant as thanks."""
    await ready.absorb([event])

    assert await balances(ready, ANN, BOB) == [1, 1]


async def test_bots_leavers_and_newcomers(ready: Core) -> None:
    """Bots and leavers get no thanks; a newcomer waits as with gifts."""
    robot, eve = Person(NAME, "77", "Robot", "robot", bot=True), person("eve")
    await ready.absorb([posted(5, robot, at=LATER), posted("e", eve, at=LATER)])
    await ready.absorb([MemberLeft(cause="gone", at=LATER, who=CAT, spot=LOBBY)])

    await ready.absorb([said(6, "thanks", to=5), said(7, "thanks @cat", to=2), said(8, "thanks", eve, to=1)])

    assert await balances(ready, BOB, CAT) == [1, 1]
    assert not [each for each in await entries(ready, robot) if each.reason == "thanks"]
    await rules(ready, "/settings set fair.min_days 0s")
    await ready.absorb([said(9, "thanks", eve, to=1)])
    assert await balances(ready, BOB) == [3]


async def test_once_a_day_for_each_two(ready: Core, clock: HandClock) -> None:
    """In each direction; another member or another day counts again."""
    await ready.absorb([said(3, "thanks", to=1), said(4, "thanks", to=1)])
    await ready.absorb([said(5, "thank you @bob, really"), said(6, "thx", BOB, to=3), said(7, "thanks", CAT, to=1)])
    assert await balances(ready, ANN, BOB) == [3, 5]

    clock.move(LATER + DAY)
    await ready.absorb([said(8, "thanks", to=1, at=LATER + DAY)])

    assert await balances(ready, BOB) == [7]
    await proven(ready)


async def test_an_hour_and_a_day_have_limits(ready: Core, clock: HandClock) -> None:
    """For the member who thanks, whatever members they thank."""
    await rules(ready, "/settings set thanks.hourly 1")
    await rules(ready, "/settings set thanks.daily 2")
    eve = person("eve")
    await ready.absorb([posted("e", eve, at=LATER)])
    await ready.absorb([said(3, "thanks @bob @cat")])
    assert await balances(ready, BOB, CAT) == [3, 1]

    clock.move(LATER + HOUR)
    await ready.absorb([said(4, "thanks @cat", at=LATER + HOUR)])
    clock.move(LATER + 2 * HOUR)
    await ready.absorb([said(5, "thanks @eve", at=LATER + 2 * HOUR)])

    assert await balances(ready, CAT, eve) == [3, 0]


async def test_a_deleted_thanks_is_taken_back(ready: Core) -> None:
    """With its reason; and the two may thank again that day."""
    gone = MessageDeleted(cause="recorder:msg:3:gone", at=LATER, spot=LOBBY, about="recorder:msg:3")
    await ready.absorb([said(3, "thanks", to=1)])
    await ready.absorb([gone])
    assert await balances(ready, BOB) == [1]
    assert (await entries(ready, BOB))[0].reason == "deleted"
    await proven(ready)

    later = replace(gone, cause="recorder:msg:4:gone", about="recorder:msg:4")
    await ready.absorb([said(4, "thanks", to=1), later])
    assert await balances(ready, BOB) == [1]

    await ready.absorb([said(5, "thanks", to=1)])
    assert await balances(ready, BOB) == [3]
    await proven(ready)


def edited(number: int, text: str, nth: int = 1) -> MessageEdited:
    cause, about = f"recorder:edit:{number}:{nth}", f"recorder:msg:{number}"
    return MessageEdited(cause=cause, at=LATER, who=ANN, spot=LOBBY, about=about, length=len(text), text=text)


@pytest.mark.parametrize("together", [True, False])
async def test_an_edit_that_leaves_no_thanks_takes_it_back(ready: Core, together: bool) -> None:
    """Nothing else that the message earned is taken; thanks put in again earn nothing, however often."""
    await rules(ready, "/settings set points.reply 4")
    told = [said(3, "thanks", to=1), edited(3, "no thanks"), edited(3, "thanks", 2), edited(3, "well", 3)]
    for events in [told] if together else [[each] for each in told]:
        await ready.absorb(events)

    assert await balances(ready, ANN, BOB) == [5, 1]
    back, earned = (await entries(ready, BOB))[:2]
    assert (back.kind, back.reason, back.reverses) == ("reverse", "edited", earned.id)
    await proven(ready)


async def test_an_edit_that_leaves_the_thanks_changes_nothing(ready: Core) -> None:
    """An edit that adds thanks earns nothing, or else one old message could be edited again and again."""
    await ready.absorb([said(3, "thanks", to=1), said(4, "well", to=2)])
    await ready.absorb([edited(3, "thanks a lot"), edited(4, "thanks")])
    assert await balances(ready, BOB, CAT) == [3, 1]

    gone = MessageDeleted(cause="recorder:msg:3:gone", at=LATER, spot=LOBBY, about="recorder:msg:3")
    await ready.absorb([edited(3, "well", 2), gone])
    assert await balances(ready, BOB, CAT) == [1, 1]
    await proven(ready)


async def test_nobody_thanks_their_other_account(ready: Core) -> None:
    """Whichever of the two accounts says it, and however it names the other."""
    home, ann = await home_of(ready), await id_of(ready, ANN)
    async with ready.store.write() as tx:
        await tx.run(
            """
            INSERT INTO account (community_id, platform, external_id, member_id, name, username, reachable, linked_at)
            VALUES (:home, :platform, '99', :ann, 'Nan', 'nan', TRUE, 0)
            """,
            home=home,
            platform=NAME,
            ann=ann,
        )
    nan = Person(NAME, "99", "Nan", "nan")
    await ready.absorb([posted(5, nan, at=LATER)])

    await ready.absorb([said(6, "thanks @nan"), said(7, "thanks", to=5), said(8, "thanks", mentioned=(nan,))])
    await ready.absorb([said(9, "thanks @ann", nan), said(10, "thanks", nan, to=6)])

    assert await balances(ready, ANN) == [1]


async def test_a_hundred_thanks_at_once_are_one(ready: Core) -> None:
    """Between the same two, in whatever batches they come."""
    await asyncio.gather(*(ready.absorb([said(number, "thanks", to=1)]) for number in range(3, 103)))

    assert await balances(ready, BOB) == [3]
    await proven(ready)


async def test_a_second_delivery_earns_nothing(ready: Core) -> None:
    """Neither in one batch nor later."""
    await ready.absorb([said(3, "thanks", to=1), said(3, "thanks", to=1)])
    await ready.absorb([said(3, "thanks", to=1)])

    assert await balances(ready, BOB) == [3]


async def test_0_points_are_none(ready: Core) -> None:
    """Then nothing is written at all; and the weight of all earnings applies to thanks."""
    await rules(ready, "/settings set thanks.points 0")
    await ready.absorb([said(3, "thanks", to=1)])
    assert not [each for each in await entries(ready, BOB) if each.reason == "thanks"]

    await rules(ready, "/settings set thanks.points 3")
    await rules(ready, "/settings set points.weight 200")
    await ready.absorb([said(4, "thanks", to=1)])

    assert await balances(ready, BOB) == [7]


@pytest.mark.parametrize("name", ["\u202ebob", "\x00", "x" * 4000, "everyone", "<b>bob</b>", "'; DROP TABLE entry"])
async def test_strange_names_thank_nobody(ready: Core, name: str) -> None:
    """And they break nothing."""
    await ready.absorb([said(3, f"thanks @{name}")])

    assert await balances(ready, ANN, BOB) == [1, 1]
