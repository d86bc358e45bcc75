"""Points go from member to member: never more than there are, never lost, never twice."""

import asyncio

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Reply, Tell, Tone
from bot.kit.events import MemberLeft
from bot.kit.references import Person, Raw
from models import ledger, members, proof, standings
from models.ledger import Entry
from models.standings import Standing
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOUR, LOBBY, NAME, NOON, Recorder, chosen, person, posted, typed

#: everybody is known since NOON, and may give from here on
LATER = NOON + 4 * DAY
ADMIN = person("root")


async def id_of(core: Core, who: Person) -> int:
    home = await home_of(core)
    async with core.store.read() as tx:
        (account,) = await members.find_accounts(tx, home, [(NAME, who.id)])
    return account.member_id


async def of(core: Core, who: Person) -> Standing:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return await standings.standing(tx, home, member)


async def balances(core: Core, *people: Person) -> list[int]:
    return [(await of(core, who)).balance for who in people]


async def entries(core: Core, who: Person) -> list[Entry]:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return await ledger.history(tx, home, member, None, 1000)


async def proven(core: Core) -> None:
    home = await home_of(core)
    async with core.store.write() as tx:
        await standings.settle(tx, home)
        assert await proof.prove(tx, home) == []


async def meet(core: Core, clock: HandClock, *, gift: int = 100) -> None:
    """Ann, Bob and Cat are known long enough, and Ann has points."""
    await core.absorb([posted("a", ANN), posted("b", BOB), posted("c", CAT), posted("r", ADMIN)])
    clock.move(LATER)
    if gift := gift - (await of(core, ANN)).balance:
        await core.invoke(typed(f"/points give @ann {gift} welcome", ADMIN, access=Access.ADMIN))


async def says(core: Core, line: str, who: Person = ANN) -> Reply:
    return await core.invoke(typed(line, who))


@pytest.fixture
async def ready(core: Core, clock: HandClock) -> Core:
    await meet(core, clock)
    return core


async def test_a_tip_goes_from_one_to_the_other(ready: Core) -> None:
    """Two entries of one cause sum to nothing; the score, which is for contributing, stays."""
    before = [await of(ready, who) for who in (ANN, BOB)]

    done = await says(ready, "/tip @bob 30 for the clear answer")

    assert done.plain == "💛 Ann gives Bob 30 points: for the clear answer"
    assert (done.private, done.tone) == (False, Tone.GOOD)
    assert await balances(ready, ANN, BOB) == [before[0].balance - 30, before[1].balance + 30]
    assert [(await of(ready, who)).score for who in (ANN, BOB)] == [each.score for each in before]
    given, received = (await entries(ready, ANN))[0], (await entries(ready, BOB))[0]
    assert (given.amount, received.amount) == (-30, 30)
    assert (given.cause, given.kind, given.counts) == (received.cause, "transfer", False)
    assert (given.other_id, received.other_id) == (received.member_id, given.member_id)
    assert given.note == received.note == "for the clear answer"
    await proven(ready)


async def test_the_receiver_is_told_once(ready: Core, recorder: Recorder) -> None:
    """In their own language and in private; after an unknown outcome they are not told again."""
    await ready.invoke(typed("/language zh-CN", BOB))
    await says(ready, "/tip @bob 5 thanks")
    await ready.settle()

    bob = await id_of(ready, BOB)
    (told,) = [effect for effect in recorder.effects if isinstance(effect, Tell) and effect.member == bob]
    assert told.reply.plain == "💛 Ann 送给你 5 积分：thanks"
    assert not told.repeats


async def test_a_tip_may_answer_a_message_or_go_without_a_word(ready: Core) -> None:
    """In both grammars; one point is enough."""
    done = await ready.invoke(chosen("tip", ANN, to=BOB, amount=1))

    assert done.plain == "💛 Ann gives Bob 1 point."
    assert (await entries(ready, ANN))[0].note is None


async def test_the_same_command_delivered_twice_gives_once(ready: Core) -> None:
    """Platforms deliver twice."""
    asked = typed("/tip @bob 5", cause="recorder:update:twice")
    await ready.invoke(asked)
    again = await ready.invoke(asked)

    assert again.plain == "This was done already."
    assert (await balances(ready, ANN)) == [95]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/tip @ann 5", "You are giving to yourself."),
        ("/tip @bob 101", "You have 100 points, which is less than 101."),
        ("/tip @bob 1000000", "You have 100 points, which is less than 1,000,000."),
        ("/tip @bob 51", "You can give at most 50 points a day to the same member. Left for Bob today: 50."),
        ("/tip @nobody 5", "to: I know nobody called @nobody here."),
        ("/tip", "to: this is missing."),
        ("/tip @bob", "amount: this is missing."),
        (f"/tip @bob 5 {'x' * 201}", "why: it must have between 0 and 200 characters."),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, said: str) -> None:
    """One clear private sentence comes, and nothing moves."""
    refused = await says(ready, line)

    assert refused.plain.startswith(said)
    assert (refused.private, refused.tone) == (True, Tone.CAREFUL)
    assert await balances(ready, ANN) == [100]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "it must be between 1 and 1,000,000."),
        ("-1", "it must be between 1 and 1,000,000."),
        ("—1", "it must be between 1 and 1,000,000."),
        ("1000001", "it must be between 1 and 1,000,000."),
        (str(2**63 - 1), "it must be between 1 and 1,000,000."),
        (str(2**63), "it must be between 1 and 1,000,000."),
        (str(-(2**63)), "it must be between 1 and 1,000,000."),
        (str(10**40), "it must be between 1 and 1,000,000."),
        ("1.5", "1.5 is not a whole number."),
        ("1e309", "1e309 is not a whole number."),
        ("nan", "nan is not a whole number."),
        ("٣", "٣ is not a whole number."),
        ("0x10", "0x10 is not a whole number."),
        ("half", "half is not a whole number."),
        ('""', "this is missing."),
    ],
)
async def test_a_bad_amount_is_refused(ready: Core, amount: str, said: str) -> None:
    """The refusal says which option, why, and gives a right example; nothing overflows or moves."""
    refused = await says(ready, f"/tip @bob {amount}")

    assert refused.plain.startswith("amount: ")
    assert said in refused.plain
    assert "For example: /tip @ann 5" in refused.plain
    assert await balances(ready, ANN) == [100]


@pytest.mark.parametrize("amount", [0, -1, 2**63, 1.5, float("inf"), float("nan"), True, ""])
async def test_a_bad_typed_amount_is_refused(ready: Core, amount: Raw) -> None:
    """Although a platform promises whole numbers within bounds."""
    refused = await ready.invoke(chosen("tip", ANN, to=BOB, amount=amount))

    assert refused.plain.startswith("amount: ")
    assert await balances(ready, ANN) == [100]


async def test_full_width_digits_are_digits(ready: Core) -> None:
    """As Chinese keyboards write them."""
    assert (await says(ready, "/tip @bob １０")).plain == "💛 Ann gives Bob 10 points."


async def test_bots_and_leavers_get_nothing(ready: Core) -> None:
    """Points given to nobody would be lost."""
    robot = Person(NAME, "77", "Robot", "robot", bot=True)
    await ready.absorb([MemberLeft(cause="gone", at=LATER, who=CAT, spot=LOBBY)])

    to_robot = await ready.invoke(chosen("tip", ANN, to=robot, amount=5))
    to_cat = await says(ready, "/tip @cat 5")

    assert to_robot.plain == "Robot is a bot and has no use for points. Give them to a member."
    assert to_cat.plain == "Cat has left, so nobody would get the points."
    assert await balances(ready, ANN) == [100]


async def test_whoever_is_new_waits(core: Core, clock: HandClock) -> None:
    """So new accounts cannot pool their points; the refusal says how long, and an admin decides it."""
    await core.absorb([posted("a"), posted("b", BOB), posted("r", ADMIN)])
    await core.invoke(typed("/points give @ann 10 welcome", ADMIN, access=Access.ADMIN))
    clock.move(NOON + DAY + HOUR)

    assert (await says(core, "/tip @bob 5")).plain.endswith("You can give points in 1 day 23 hours.")
    await core.invoke(typed("/settings set fair.min_days 1d", ADMIN, access=Access.ADMIN))
    assert (await says(core, "/tip @bob 5")).plain == "💛 Ann gives Bob 5 points."


async def test_limits_hold_for_a_day_and_for_a_pair(core: Core, clock: HandClock) -> None:
    """However much else happened that day; the next day they begin from zero."""
    await meet(core, clock, gift=1000)
    eve = person("eve")
    await core.absorb([posted("e", eve)])
    for _ in range(5):
        assert (await says(core, "/tip @bob 10")).tone is Tone.GOOD
    assert (await says(core, "/tip @bob 1")).plain.endswith("Left for Bob today: 0.")
    assert (await says(core, "/tip @cat 45")).tone is Tone.GOOD
    assert (await says(core, "/tip @eve 6")).plain == "You can give at most 100 points a day. Left for today: 5."
    assert (await says(core, "/tip @eve 5")).tone is Tone.GOOD

    clock.move(LATER + DAY)

    assert (await says(core, "/tip @bob 50")).tone is Tone.GOOD


async def test_the_day_of_the_limits_ends_at_the_community_s_midnight(core: Core, clock: HandClock) -> None:
    """Wherever that is: in Apia a day begins eleven hours before it does in Greenwich."""
    await meet(core, clock, gift=1000)
    await core.invoke(typed("/settings set community.time_zone Pacific/Apia", access=Access.ADMIN, who=CAT))
    assert (await says(core, "/tip @bob 50")).tone is Tone.GOOD
    clock.move(LATER + 23 * HOUR - 1)
    assert (await says(core, "/tip @bob 1")).tone is Tone.CAREFUL

    clock.move(clock.now() + 1)

    assert (await says(core, "/tip @bob 50")).tone is Tone.GOOD


async def test_an_hour_has_a_limit(core: Core, clock: HandClock) -> None:
    """Any sixty minutes, whatever the clock on the wall shows."""
    await meet(core, clock)
    await core.invoke(typed("/settings set tips.hourly 20", ADMIN, access=Access.ADMIN))
    clock.move(LATER + HOUR - 1)
    assert (await says(core, "/tip @bob 15")).tone is Tone.GOOD
    clock.move(LATER + 2 * HOUR - 2)
    assert (await says(core, "/tip @cat 6")).plain.startswith(
        "You can give at most 20 points an hour. Left for now: 5."
    )

    clock.move(LATER + 2 * HOUR - 1)

    assert (await says(core, "/tip @cat 20")).tone is Tone.GOOD


async def test_a_receiver_has_a_limit(core: Core, clock: HandClock) -> None:
    """From all members together; points taken back leave room, and so does the next day."""
    await meet(core, clock)
    await core.invoke(typed("/points give @cat 50 welcome", ADMIN, access=Access.ADMIN))
    await core.invoke(typed("/settings set tips.received 20", ADMIN, access=Access.ADMIN))
    assert (await says(core, "/tip @bob 15")).tone is Tone.GOOD
    assert (await says(core, "/tip @bob 6", CAT)).plain.startswith(
        "A member can get at most 20 points a day as gifts. Left for Bob"
    )
    await core.invoke(typed(f"/points undo {(await entries(core, BOB))[0].id}", ADMIN, access=Access.ADMIN))
    assert (await says(core, "/tip @bob 20", CAT)).tone is Tone.GOOD

    clock.move(LATER + DAY)

    assert (await says(core, "/tip @bob 20")).tone is Tone.GOOD


async def test_both_sides_take_part(core: Core, clock: HandClock) -> None:
    """Where that is required, a member who was quiet says something first."""
    await meet(core, clock)
    await core.invoke(typed("/settings set tips.active 2d", ADMIN, access=Access.ADMIN))
    assert (await says(core, "/tip @bob 5")).plain.startswith("Points go between members who take part")
    await core.absorb([posted("back", ANN, at=LATER)])
    assert (await says(core, "/tip @bob 5")).plain == (
        "Bob has been quiet for longer than 2 days. You can give points once they are back."
    )

    await core.absorb([posted("too", BOB, at=LATER - DAY)])

    assert (await says(core, "/tip @bob 5")).tone is Tone.GOOD


async def test_two_accounts_of_one_member_are_one(ready: Core) -> None:
    """Whatever the accounts are called, nobody gives to themselves."""
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

    assert (await says(ready, "/tip @nan 5")).plain.startswith("You are giving to yourself.")
    assert (await says(ready, "/tip @ann 5", Person(NAME, "99", "Nan", "nan"))).plain.startswith("You are giving to")


async def test_what_was_received_is_no_part_of_what_was_given(ready: Core, clock: HandClock) -> None:
    """Otherwise two friends could give back and forth without end."""
    for _ in range(5):
        await says(ready, "/tip @bob 10")
        await says(ready, "/tip @ann 10", BOB)

    assert (await says(ready, "/tip @bob 1")).plain.endswith("Left for Bob today: 0.")
    clock.move(LATER + DAY)
    assert (await says(ready, "/tip @bob 1")).tone is Tone.GOOD


async def test_more_entries_than_a_page_hide_no_gift(core: Core, clock: HandClock) -> None:
    """A gift of the morning counts in the evening, however much was earned since."""
    await meet(core, clock, gift=1000)
    for key, value in (("points.cooldown", "0s"), ("points.daily_cap", "0")):
        await core.invoke(typed(f"/settings set {key} {value}", ADMIN, access=Access.ADMIN))
    await says(core, "/tip @bob 50")

    await core.absorb([posted(f"x{number}", at=LATER) for number in range(450)])

    assert len(await entries(core, ANN)) > 450
    assert (await says(core, "/tip @bob 1")).plain.endswith("Left for Bob today: 0.")


async def test_a_hundred_tips_at_once_never_overdraw(core: Core, clock: HandClock) -> None:
    """From one balance to two members: exactly as many succeed as can be paid, and no point comes or goes."""
    await meet(core, clock, gift=100)
    for limit in ("daily", "pair"):
        await core.invoke(typed(f"/settings set tips.{limit} 0", ADMIN, access=Access.ADMIN))
    before = await balances(core, ANN, BOB, CAT)

    done = await asyncio.gather(*(says(core, f"/tip @{'bob' if n % 2 else 'cat'} 3") for n in range(100)))

    given = sum(reply.tone is Tone.GOOD for reply in done)
    assert given == 33
    assert {reply.plain for reply in done if reply.tone is not Tone.GOOD} == {"You have 1 point, which is less than 3."}
    after = await balances(core, ANN, BOB, CAT)
    assert after[0] == 1
    assert sum(after) == sum(before)
    await proven(core)


async def test_two_processes_never_overdraw(two: tuple[Core, Core], clock: HandClock) -> None:
    """Neither process sees the other's uncommitted tips, and yet no balance is spent twice."""
    one, other = two
    await meet(one, clock, gift=50)
    before = await balances(one, ANN, BOB)

    done = await asyncio.gather(*(says(core, "/tip @bob 2") for core in two for _ in range(50)))

    assert {reply.tone for reply in done} == {Tone.GOOD, Tone.CAREFUL}
    assert sum(reply.tone is Tone.GOOD for reply in done) == 25
    assert await balances(other, ANN, BOB) == [0, sum(before)]
    await proven(one)


async def test_a_tip_undone_goes_back_on_both_sides(ready: Core) -> None:
    """By the entry of either side; points spent meanwhile are owed, and the next earnings pay them."""
    await says(ready, "/tip @bob 30")
    (received, *_) = await entries(ready, BOB)
    await says(ready, "/tip @cat 31", BOB)

    await ready.invoke(typed(f"/points undo {received.id}", ADMIN, access=Access.ADMIN))

    assert await balances(ready, ANN, BOB, CAT) == [100, 0, 32]
    assert (await of(ready, BOB)).debt == 30
    await proven(ready)
