"""A clock jumps forward and comes back: a little ends meanwhile, staff are asked about the rest, and all recovers."""

from datetime import timedelta

import pytest

from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending, many
from bot.community.rewards import acts as rewards_acts
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.economy.points import acts as points_acts
from bot.kit import Remind, Work
from bot.kit.work import open_work
from models import activity, bounties, communities, expiry, ladder, promises, roles, shop, waiting
from models.activity import Fact
from models.bounties import Bounty
from models.expiry import Warned
from models.ids import Ids
from models.ladder import Step
from models.ledger import Entry
from models.questions import Question, put_question
from models.roles import Reward
from models.shop import Item, Purchase
from models.store import Tx
from models.waiting import Due
from tests.bot.conftest import home_of
from tests.bot.core.test_schedule import SIX
from tests.bot.purses import id_of, meet, proven, rules
from tests.bot.recorder import ANN, DAY, HOME, HOUR, NAME, NOON, STAFF, Recorder, posted, typed
from tests.bot.trial import Trial

JUMP = 40 * DAY
#: more than ten, and more than a twentieth
MANY = 40


@pytest.mark.parametrize(("total", "most"), [(0, 10), (10, 10), (200, 10), (219, 10), (220, 11), (10_000, 500)])
def test_how_many_may_end_at_once(total: int, most: int) -> None:
    """Ten may end, or five of a hundred where a twentieth is more."""
    assert many(total) == most


async def jump(core: Core, clock: HandClock, by: int) -> None:
    """Set the machine's clock, and do what is due then; one job after the other, as in a day."""
    clock.set(clock.now() + by)
    await core.settle()


async def work_of(core: Core, tx: Tx, cause: str = "test") -> Work:
    return await open_work(tx, core.desk, await home_of(core), core.clock.now(), cause=cause)


async def staffed(core: Core) -> int:
    await meet(core)
    await core.absorb([posted("s", ANN, spot=STAFF)])
    await rules(core, f"/settings set community.staff_place {STAFF.name}")
    await core.settle()
    return await home_of(core)


async def held(core: Core, home: int, count: int, until: int) -> None:
    """Ann holds a role for so many reasons, of so many orders, that all end then."""
    ann = await id_of(core, ANN)
    async with core.store.write() as tx:
        work = await work_of(core, tx)
        (place,) = await communities.find_places(tx, [(NAME, HOME.id)])
        reward = Reward(place.id, "900", "Patron")
        await rewards_acts.change(
            work, [rewards_acts.why(work, ann, reward, "shop", each, until) for each in range(count)], []
        )
        item = Item(community_id=home, number=900, name="Patron", about="", price=1, added_at=NOON)
        await shop.put_item(tx, item)
        for number in range(1000, 1000 + count):
            order = Purchase(
                community_id=home, number=number, item=900, member_id=ann, price=1, entry_id=1, at=NOON, until=until,
                state="held",
            )  # fmt: skip
            await shop.add_purchase(tx, order)
    await core.settle()


async def dues(core: Core, home: int, now: int) -> tuple[Due, Due]:
    async with core.store.read() as tx:
        return await roles.due(tx, home, now), await shop.due(tx, home, now)


async def asked(core: Core) -> list[str]:
    async with core.store.read() as tx:
        return [each.what for each in await waiting.all_waiting(tx)]


async def test_a_jump_ends_nothing_and_heals(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Staff are told once, with the numbers; when the clock is right again, all of it ends at its own time."""
    home = await staffed(core)
    await held(core, home, MANY, NOON + 10 * DAY)

    await jump(core, clock, JUMP)
    for _ in range(3):
        await jump(core, clock, HOUR)
    assert await dues(core, home, clock.now()) == (Due(MANY, MANY), Due(MANY, MANY))
    told = [each for each in recorder.said if "would end now" in each]
    assert sorted(each.split(" would")[0] for each in told) == [
        "40 of 40 orders for a time", "40 of 40 roles given for a time",
    ]  # fmt: skip

    await jump(core, clock, NOON + HOUR - clock.now())
    await core.pass_time(clock, NOON + DAY)
    assert await asked(core) == []
    assert await dues(core, home, clock.now()) == (Due(0, MANY), Due(0, MANY))


async def test_what_waits_ends_when_staff_say_so(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """An administrator's press ends as many as staff were told of; the permission does not last for ever."""
    home = await staffed(core)
    await held(core, home, MANY, NOON + 10 * DAY)
    await jump(core, clock, JUMP)

    assert (await rules(core, "/overdue roles")).plain == "I am ending 40 roles given for a time now."
    await core.settle()
    assert await dues(core, home, clock.now()) == (Due(0, 0), Due(MANY, MANY))
    assert any("Your role Patron has ended" in each for each in recorder.said)
    assert (await rules(core, "/overdue points")).plain == "No members' old points are waiting for you."
    assert (await rules(core, "/overdue orders")).plain == "I am ending 40 orders for a time now."
    assert await dues(core, home, clock.now()) == (Due(0, 0), Due(0, 0))


async def test_few_end_at_their_time(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """Ten are never too many."""
    home = await staffed(core)
    await held(core, home, 10, NOON + 10 * DAY)

    await jump(core, clock, 10 * DAY)
    await core.pass_time(clock, clock.now() + DAY)

    assert await dues(core, home, clock.now()) == (Due(0, 0), Due(0, 0))
    assert not any("would end now" in each for each in recorder.said)


async def test_staffs_word_holds_for_what_they_were_told(core: Core, clock: HandClock) -> None:
    """The permission holds for no more than that, and for no more than a day."""
    await staffed(core)
    async with core.store.write() as tx:
        work = await work_of(core, tx)
        assert not await endings_acts.may(work, Ending.POINTS, Due(40, 100))
        await waiting.allow(tx, work.community, "points", work.now)
        assert await endings_acts.may(work, Ending.POINTS, Due(40, 100))
        assert await endings_acts.may(work, Ending.POINTS, Due(21, 100))
        assert not await endings_acts.may(work, Ending.POINTS, Due(41, 100))
        clock.set(NOON + DAY)
        assert not await endings_acts.may(await work_of(core, tx), Ending.POINTS, Due(40, 100))


async def test_points_of_many_do_not_expire_at_once(core: Core, clock: HandClock) -> None:
    """Not even the first ten expire; when the clock is back, nothing is lost."""
    home = await staffed(core)
    await rules(core, "/settings set points.expiry 90d")
    ids = Ids(7)
    async with core.store.write() as tx:
        work = await work_of(core, tx)
        members = [ids.new(NOON) for _ in range(MANY)]
        entries = [
            Entry(
                community_id=home, at=NOON - 100 * DAY, day=1, member_id=each, kind="adjust", amount=5, counts=False,
                reason="given", cause=f"gift:{each}",
            )
            for each in members
        ]  # fmt: skip
        await points_acts.write(work, entries)
        await expiry.warn(tx, home, [(each, Warned(NOON - DAY, 5, NOON + 7 * DAY)) for each in members])
        await tx.run("UPDATE rung SET at = :at", at=NOON)

    await jump(core, clock, JUMP)
    assert "points" in await asked(core)
    async with core.store.read() as tx:
        assert (await expiry.due(tx, home, clock.now())).due == MANY
    await jump(core, clock, -JUMP)
    await core.pass_time(clock, NOON + 2 * DAY)
    assert "points" not in await asked(core)
    async with core.store.read() as tx:
        expired = await tx.one("SELECT COUNT(*) AS expired FROM entry WHERE kind = 'expire'")
    assert expired is not None
    assert expired["expired"] == 0
    await proven(core)


async def test_bounties_questions_and_history_wait_too(core: Core, clock: HandClock) -> None:
    """Whatever the clock ends: afterwards there are as many of each as before."""
    home = await staffed(core)
    ann = await id_of(core, ANN)
    await core.settle()
    async with core.store.write() as tx:
        for number in range(2000, 2000 + MANY):
            bounty = Bounty(
                community_id=home, number=number, question=number, owner_id=ann, amount=5, placed_at=NOON,
                ends_at=NOON + 7 * DAY,
            )  # fmt: skip
            await bounties.place(tx, bounty)
            question = Question(
                community_id=home, number=number, id=number, asker_id=ann, place_id=1, title="Why?", body="", tags="",
                asked_at=NOON, state="open", same_as=None,
            )  # fmt: skip
            await put_question(tx, question)
            await ladder.put_step(tx, home, Step(number, "stale", NOON + 7 * DAY))
        today = NOON // DAY
        facts = [
            Fact(home, f"old:{each}", NOON - (179 - each % 5) * DAY, today - 179 + each % 5, "message", ann)
            for each in range(MANY)
        ]
        await activity.record(tx, facts)
    before = await left(core, home)

    await jump(core, clock, JUMP)

    assert await left(core, home) == before
    assert {"bounties", "questions", "history"} <= set(await asked(core))


async def left(core: Core, home: int) -> tuple[int, int, int]:
    async with core.store.read() as tx:
        return (
            (await bounties.due(tx, home, NOON)).total,
            (await ladder.due(tx, home, "stale", NOON)).total,
            (await activity.due(tx, home, NOON // DAY - 100)).due,
        )


async def test_jobs_go_on_when_the_clock_came_back(core: Core, clock: HandClock, trial: Trial, home: int) -> None:
    """Jobs run at their next times, neither at once nor when the clock would be there again."""
    await core.pass_time(clock, NOON + HOUR)
    await jump(core, clock, JUMP)
    assert trial.rung == [(home, NOON + HOUR + JUMP)]

    await jump(core, clock, -JUMP)
    await core.pass_time(clock, SIX + 2 * DAY)

    assert trial.rung[1:] == [(home, SIX), (home, SIX + DAY), (home, SIX + 2 * DAY)]


async def test_a_clock_that_was_behind_is_no_trouble(core: Core, clock: HandClock, trial: Trial, home: int) -> None:
    """If the clock goes back forty days and then right, a job runs once more than otherwise, then at its times."""
    await core.pass_time(clock, NOON + HOUR)
    await jump(core, clock, -JUMP)
    await jump(core, clock, JUMP)
    await core.pass_time(clock, SIX)

    assert trial.rung == [(home, NOON + HOUR), (home, SIX)]


async def test_what_was_promised_meanwhile_is_kept(
    core: Core, clock: HandClock, trial: Trial, recorder: Recorder
) -> None:
    """A promise is kept after its wait, and a retry comes soon."""
    await staffed(core)
    clock.set(NOON + JUMP)
    recorder.answer = lambda _: ValueError("down")
    await core.invoke(typed("/trial owe tea"))
    async with core.store.write() as tx:
        work = await work_of(core, tx)
        await work.promise(Remind(subject="trial:soon"), after=timedelta(hours=3))
    await core.settle()

    clock.set(NOON + HOUR)
    recorder.answer = lambda _: None
    await core.settle()
    await core.pass_time(clock, NOON + 5 * HOUR)

    assert ("trial:soon", NOON + 4 * HOUR) in trial.reminded
    assert any("tea" in each for each in recorder.said)
    async with core.store.read() as tx:
        assert await promises.next_due(tx, ["hearth", NAME]) is None
