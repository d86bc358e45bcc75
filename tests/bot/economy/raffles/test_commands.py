"""Raffles: stakes are won, spent or given back, to the last point, and once."""

import asyncio
from hashlib import sha256

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.economy.raffles.rules import draw
from bot.kit import Access, Post, Reply, Tell, Tone
from bot.kit.events import MemberLeft
from models import ledger, pots
from models.pots import Pot, Seat
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, balances, entries, id_of, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, LOBBY, NOON, Recorder, chosen, typed

EVERYBODY = (ANN, BOB, CAT)


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points."""
    await meet(core)
    return core


async def raffle(core: Core, number: int = 1) -> Pot:
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await pots.pot(tx, home, number)
    assert found
    return found


async def seats(core: Core, number: int = 1) -> list[Seat]:
    home = await home_of(core)
    async with core.store.read() as tx:
        return await pots.seats_taken(tx, home, number)


async def in_escrow(core: Core, number: int = 1) -> int:
    home = await home_of(core)
    async with core.store.read() as tx:
        return -sum(each.amount for each in await ledger.staked(tx, home, f"raffle:{number}"))


async def passes(core: Core, clock: HandClock, time: int = DAY) -> None:
    await core.pass_time(clock, clock.now() + time)


def posts(recorder: Recorder) -> list[Reply]:
    return [effect.reply for effect in recorder.effects if isinstance(effect, Post)]


async def test_a_raffle_is_opened_for_everybody(ready: Core) -> None:
    """The reply tells its price, its end, and the fingerprint of the deciding secret, which stays a secret."""
    opened = await rules(ready, "/raffle open 10 Mug 3d 50 2 3")

    cost, number, winners = opened.plain.splitlines()[1:4]
    assert opened.plain.startswith("🎟 Raffle 1: Mug\n")
    assert cost.startswith("A seat costs 10 points, at most 2 per member. Drawn on Jan 8, 2026, 12:00:00")
    assert cost.endswith("; members who leave before get their points back.")
    assert (number, winners) == ("There are 50 seats.", "3 will win.")
    seed = (await raffle(ready)).seed or ""
    assert sha256(seed.encode()).hexdigest() in opened.plain
    assert seed not in opened.plain
    assert not opened.private
    assert [button.line for button in opened.buttons] == ["/raffle join 1"]
    listed = await says(ready, "/raffle list")
    assert "Raffle 1: Mug" in listed.plain
    assert seed not in listed.plain


async def test_a_seat_is_paid_into_escrow(ready: Core) -> None:
    """The points leave the member but are not gone; the score, which is for contributing, stays."""
    opened = await rules(ready, "/raffle open 10 Mug 3d 50 2")

    joined = await presses(ready, opened)

    assert joined.plain.startswith("You have seat 1 in raffle 1 (Mug) for 10 points.")
    assert (joined.private, joined.tone) == (True, Tone.GOOD)
    (stake, *_) = await entries(ready, ANN)
    assert (stake.kind, stake.amount, stake.counts, stake.subject) == ("stake", -10, False, "raffle:1")
    assert await balances(ready, ANN) == [90]
    assert (await presses(ready, opened)).plain.startswith("You have seat 1, 2 in raffle 1")
    assert (await presses(ready, opened)).plain == "You can have at most 2 seats in raffle 1, and you have 2."
    assert await in_escrow(ready) == 20
    await proven(ready)


async def test_the_pot_goes_to_the_winners(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """All stakes are split evenly and announced with the secret, so that anybody can check the draw."""
    await rules(ready, '/raffle open 11 "" 1d 9 1 2')
    for who in EVERYBODY:
        await says(ready, "/raffle join 1", who)
    taken, opened = await seats(ready), await raffle(ready)

    await passes(ready, clock)

    won = draw(opened.seed or "", taken, 2)
    ids = [await id_of(ready, who) for who in EVERYBODY]
    shares = dict(zip([each.member_id for each in won], (17, 16), strict=True))
    assert await balances(ready, *EVERYBODY) == [89 + shares.get(each, 0) for each in ids]
    (said,) = posts(recorder)
    assert said.plain.startswith("Raffle 1: everything in the pot\n🎉 ")
    assert f"wins 17 points with seat {won[0].number}!" in said.plain
    assert (opened.seed or "?") in said.plain
    told = [effect for effect in recorder.effects if isinstance(effect, Tell)]
    assert {each.member for each in told} == set(shares)
    assert (await raffle(ready)).outcome == "won"
    await proven(ready)


async def test_a_thing_is_won_and_the_stakes_are_spent(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """The stakes leave the escrow, and nobody has them."""
    await rules(ready, "/raffle open 10 Mug 1d 9 2")
    await says(ready, "/raffle join 1 2")
    await says(ready, "/raffle join 1", BOB)

    await passes(ready, clock)

    assert await balances(ready, ANN, BOB) == [80, 90]
    spent, freed, stake, *_ = await entries(ready, ANN)
    assert [(each.kind, each.amount) for each in (stake, freed, spent)] == [
        ("stake", -20), ("release", 20), ("spend", -20),
    ]  # fmt: skip
    assert "Mug" in posts(recorder)[0].plain
    assert [effect.reply.plain for effect in recorder.effects if isinstance(effect, Tell)] == [
        "🎉 You won raffle 1: Mug. Staff will hand it over."
    ]
    await proven(ready)


async def test_it_is_drawn_once(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """Although the nightly sweep comes after every reminder."""
    await rules(ready, "/raffle open 10")
    for who in EVERYBODY:
        await says(ready, "/raffle join 1", who)

    await passes(ready, clock, 3 * DAY)

    assert len(posts(recorder)) == 1
    assert sum(await balances(ready, *EVERYBODY)) == 300
    await proven(ready)


async def test_what_lost_its_reminder_is_drawn_in_the_night(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """A lost promise loses no stake."""
    await rules(ready, "/raffle open 10")
    await says(ready, "/raffle join 1")
    async with ready.store.write() as tx:
        await tx.run("DELETE FROM promise WHERE kind = 'Remind'")

    await passes(ready, clock, 2 * DAY)

    assert len(posts(recorder)) == 1
    assert await balances(ready, ANN) == [100]
    await proven(ready)


async def test_nobody_came(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """It is said kindly, and nothing is owed."""
    await rules(ready, "/raffle open 10 Mug")

    await passes(ready, clock)

    assert [each.plain for each in posts(recorder)] == [
        "Raffle 1 (Mug) is over. Nobody took a seat, so nobody lost anything."
    ]
    assert (await raffle(ready)).outcome == "empty"
    await proven(ready)


async def test_whoever_left_has_the_stake_back(ready: Core, clock: HandClock) -> None:
    """And they cannot win; when all have left, all get it back."""
    await rules(ready, "/raffle open 10 Mug")
    await rules(ready, "/raffle open 10 Tea")
    for line, who in (("/raffle join 1", ANN), ("/raffle join 1", CAT), ("/raffle join 2", CAT)):
        await says(ready, line, who)
    await ready.absorb([MemberLeft(cause="gone", at=NOON, who=CAT, spot=LOBBY)])

    await passes(ready, clock)

    assert await balances(ready, ANN, CAT) == [90, 100]
    assert [(await raffle(ready, number)).outcome for number in (1, 2)] == ["won", "empty"]
    await proven(ready)


async def test_a_cancelled_raffle_gives_everything_back(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """It is said where it was opened, in the community's language; its reminder comes and changes nothing."""
    await rules(ready, "/raffle open 10 Mug 1d 9 3")
    await says(ready, "/raffle join 1 3")
    await says(ready, "/raffle join 1", BOB)
    await ready.invoke(typed("/language zh-CN", ADMIN))

    done = await rules(ready, "/raffle cancel 1")
    again = await rules(ready, "/raffle cancel 1")
    await passes(ready, clock)

    assert done.plain == "抽奖 1 已取消，大家的积分都已退还。"
    assert again.plain == "抽奖 1 已经结束。"
    assert [each.plain for each in posts(recorder)] == [
        "Raffle 1 (Mug) was cancelled. Everybody has their points back."
    ]
    assert await balances(ready, ANN, BOB) == [100, 100]
    await proven(ready)


async def test_a_stake_back_pays_a_debt_off_first(ready: Core) -> None:
    """Points taken back while they were staked are owed."""
    await rules(ready, "/raffle open 100 Mug")
    await says(ready, "/raffle join 1")
    (gift,) = [entry for entry in await entries(ready, ANN) if entry.reason == "give"]
    await rules(ready, f"/points undo {gift.id}")
    assert await balances(ready, ANN) == [-99]

    await rules(ready, "/raffle cancel 1")

    assert await balances(ready, ANN) == [1]
    await proven(ready)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/raffle join 2", "raffle: there is no raffle with that number."),
        ("/raffle join", "raffle: this is missing."),
        ("/raffle join x", "raffle: x is not a whole number."),
        ("/raffle join 1 0", "seats: it must be between 1 and 100."),
        ("/raffle join 1 -1", "seats: it must be between 1 and 100."),
        ("/raffle join 1 1.5", "seats: 1.5 is not a whole number."),
        ("/raffle join 1 1e309", "seats: 1e309 is not a whole number."),
        ("/raffle join 1 ٣", "seats: ٣ is not a whole number."),
        (f"/raffle join 1 {2**63}", "seats: it must be between 1 and 100."),
        ("/raffle join 1 4", "You can have at most 3 seats in raffle 1, and you have 0."),
        ("/raffle join 1 3", "Seats left in raffle 1: 2. Ask for fewer."),
        ("/raffle join 1 2", "You have 100 points, which is less than 120."),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, said: str) -> None:
    """The member gets one private sentence, and nothing is staked."""
    await rules(ready, "/raffle open 60 Mug 1d 2 3")

    refused = await says(ready, line)

    assert refused.plain.startswith(said)
    assert (refused.private, refused.tone) == (True, Tone.CAREFUL)
    assert await balances(ready, ANN) == [100]


@pytest.mark.parametrize("cost", ["0", "-1", "1.5", "1e309", str(2**63), "1000001", "٣", '""'])
async def test_a_bad_cost_is_refused(ready: Core, cost: str) -> None:
    """The refusal says which option, why, and gives an example; no raffle is opened."""
    refused = await rules(ready, f"/raffle open {cost}")

    assert refused.plain.startswith("cost: ")
    assert (await says(ready, "/raffle list")).plain == "No raffle is open just now."


async def test_full_width_digits_are_digits(ready: Core) -> None:
    """As Chinese keyboards write them."""
    await rules(ready, "/raffle open １０")

    assert (await says(ready, "/raffle join １")).tone is Tone.GOOD
    assert await balances(ready, ANN) == [90]


@pytest.mark.parametrize(("prize", "kept"), [("\u202eMug\u200b", "Mug"), ("@everyone", "@everyone"), ("<b>", "<b>")])
async def test_a_prize_is_kept_as_it_can_be_shown(ready: Core, prize: str, kept: str) -> None:
    """Invisible characters are removed."""
    await ready.invoke(chosen("raffle open", ADMIN, access=Access.STAFF, cost=5, prize=prize))

    assert (await raffle(ready)).title == kept


@pytest.mark.parametrize("prize", ["\u200b", "\u202e", "x" * 101, "x" * 4000])
async def test_a_prize_that_cannot_be_shown_is_refused(ready: Core, prize: str) -> None:
    """It is refused if nothing in it is visible, or if it is too long."""
    refused = await ready.invoke(chosen("raffle open", ADMIN, access=Access.STAFF, cost=5, prize=prize))

    assert refused.plain.startswith("prize: ")


async def test_an_old_button_is_refused(ready: Core, clock: HandClock) -> None:
    """The raffle is over, even at the moment before it is drawn."""
    opened = await rules(ready, "/raffle open 10 Mug 1h")
    clock.move(NOON + DAY)

    assert (await presses(ready, opened)).plain == "Raffle 1 is over."
    await ready.settle()
    assert (await presses(ready, opened)).plain == "Raffle 1 is over."
    assert await balances(ready, ANN) == [100]


async def test_the_same_press_delivered_twice_takes_one_seat(ready: Core) -> None:
    """Platforms deliver twice."""
    await rules(ready, "/raffle open 10 Mug 1d 9 5")
    press = typed("/raffle join 1", cause="recorder:press:1", pressed=True)

    await ready.invoke(press)

    assert (await ready.invoke(press)).plain == "This was done already."
    assert await balances(ready, ANN) == [90]


async def test_only_staff_open_and_cancel(ready: Core) -> None:
    """And there are never more than one list can show."""
    for line in ("/raffle open 5", "/raffle cancel 1"):
        assert "Only moderators" in (await says(ready, line)).plain
    for _ in range(10):
        assert (await rules(ready, "/raffle open 5")).tone is Tone.GOOD
    assert (await rules(ready, "/raffle open 5")).plain.startswith("There are 10 raffles open already.")


async def test_two_processes_draw_once(two: tuple[Core, Core], clock: HandClock) -> None:
    """Both take seats and draw winners at the same time: no seat is given twice, and no point is lost."""
    one, other = two
    await meet(one)
    await rules(one, '/raffle open 5 "" 1h 20 15')
    done = await asyncio.gather(*(says(two[n % 2], "/raffle join 1", EVERYBODY[n % 3]) for n in range(40)))
    assert sum(reply.tone is Tone.GOOD for reply in done) == 20
    assert [each.number for each in await seats(one)] == list(range(1, 21))
    clock.move(NOON + DAY)

    await asyncio.gather(one.settle(), other.settle(), rules(one, "/raffle cancel 1"))

    assert sum(await balances(one, *EVERYBODY)) == 300
    assert (await raffle(other)).outcome == "won"
    await proven(one)
