"""What is owed is performed: once, in order, in time, whatever the platform or the process does meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from os import getppid
from socket import gethostname
from typing import Any

import pytest

from bot.core.clock import HandClock
from bot.core.continuing import message_of
from bot.core.core import Core
from bot.core.outbox import ABREAST, EACH, LEASE, Outbox
from bot.kit import Access, Button, Effect, GrantRole, Post, Remind, Reply, Tell, Withdraw
from bot.kit.errors import Failed, Later, Moved, Refused, Unknown
from bot.kit.markup import Span
from bot.kit.platform import Delivery
from bot.kit.references import Spot
from bot.kit.work import open_work
from models import communities, members, promises, sent
from tests.bot.conftest import home_of
from tests.bot.recorder import ANN, BOB, HOME, KEYED, LOBBY, NAME, NOON, SECOND, STAFF, Recorder, posted, typed
from tests.bot.trial import Trial


@pytest.fixture
async def lobby(core: Core, home: int) -> int:
    return await place_of(core, home, LOBBY.id)


async def place_of(core: Core, home: int, external: str) -> int:
    async with core.store.read() as tx:
        (place,) = await communities.find_places(tx, [(NAME, external)])
    assert place.community_id == home
    return place.id


async def member_of(core: Core, external: str) -> int:
    async with core.store.read() as tx:
        (account,) = await members.find_accounts(tx, await home_of(core), [(NAME, external)])
    return account.member_id


def said(word: str) -> Reply:
    return Reply(text=(Span(text=word),))


async def owe(core: Core, effect: Effect, **how: Any) -> None:
    """Promise it as any handler does."""
    async with core.store.write() as tx:
        work = await open_work(tx, core.desk, await home_of(core), core.clock.now(), cause="test", platform=NAME)
        await work.promise(effect, **how)


async def outcomes(core: Core) -> list[tuple[str, str | None]]:
    async with core.store.read() as tx:
        rows = await tx.all("SELECT kind, outcome FROM promise ORDER BY id")
    return [(row["kind"], row["outcome"]) for row in rows]


def times(count: int, error: Exception) -> Callable[[Delivery], Exception | None]:
    """Fail so often, then succeed."""
    left = [error] * count
    return lambda _: left.pop() if left else None


async def test_what_is_owed_is_performed_once(core: Core, lobby: int, recorder: Recorder) -> None:
    """The place is the platform's own, the key is the promise's, and a kept promise is never performed again."""
    await owe(core, Post(place=lobby, reply=said("hello")))

    await core.settle()
    await core.settle()

    (delivery,) = recorder.done
    assert recorder.said == ["hello"]
    assert delivery.place
    assert delivery.place.external_id == LOBBY.id
    assert await outcomes(core) == [("Post", "kept")]


async def test_a_member_is_told_where_they_are(core: Core, lobby: int, recorder: Recorder) -> None:
    """A message to a member goes to their account on this platform."""
    assert lobby
    await owe(core, Tell(member=await member_of(core, ANN.id), reply=said("psst")))

    await core.settle()

    (delivery,) = recorder.done
    assert delivery.account
    assert delivery.account.external_id == ANN.id


@pytest.mark.parametrize("present", [True, False])
async def test_where_a_member_must_be_is_told(core: Core, lobby: int, recorder: Recorder, *, present: bool) -> None:
    """A letter for members only carries the guilds or chats of its community."""
    assert lobby
    await owe(core, Tell(member=await member_of(core, ANN.id), reply=said("psst"), present=present))

    await core.settle()

    assert recorder.done[0].chats == ([HOME.id] if present else [])


async def test_a_name_is_promised_once(core: Core, lobby: int, recorder: Recorder) -> None:
    """The same promise, before or after the first was kept, is not made again."""
    for _ in range(2):
        await owe(core, Post(place=lobby, reply=said("hello")), once="greeting")
    await core.settle()
    await owe(core, Post(place=lobby, reply=said("hello")), once="greeting")
    await core.settle()

    assert recorder.said == ["hello"]


async def test_a_future_promise_is_a_timer(core: Core, clock: HandClock, lobby: int, recorder: Recorder) -> None:
    """It is kept when its time has come, and not before."""
    await owe(core, Post(place=lobby, reply=said("tea")), after=timedelta(minutes=5))
    began = clock.now()

    await core.pass_time(clock, began + 299 * SECOND)
    assert recorder.said == []
    await core.pass_time(clock, began + 300 * SECOND)

    assert recorder.said == ["tea"]


async def test_patience_is_kept(core: Core, clock: HandClock, lobby: int, recorder: Recorder) -> None:
    """When the platform says later, it is asked again then and no sooner; other places are served meanwhile."""
    await core.absorb([posted(1, spot=STAFF)])
    began = clock.now()

    def flood(delivery: Delivery) -> Later | None:
        waits = delivery.place and delivery.place.external_id == LOBBY.id and clock.now() < began + 600 * SECOND
        return Later(600) if waits else None

    recorder.answer = flood
    await owe(core, Post(place=lobby, reply=said("slow")))
    await owe(core, Post(place=await place_of(core, await home_of(core), STAFF.id), reply=said("quick")))

    await core.settle()
    assert recorder.said == ["quick"]
    await core.pass_time(clock, began + 599 * SECOND)
    assert len(recorder.tried) == 2
    await core.pass_time(clock, began + 600 * SECOND)

    assert recorder.said == ["quick", "slow"]


async def test_a_lane_keeps_its_order(core: Core, clock: HandClock, lobby: int, recorder: Recorder) -> None:
    """Posts of a place come in the order of their promises, although the first needs three attempts."""
    for number in range(5):
        await owe(core, Post(place=lobby, reply=said(str(number))))
    recorder.answer = times(2, OSError("connection refused"))

    await core.pass_time(clock, clock.now() + 60 * SECOND)

    assert recorder.said == ["0", "1", "2", "3", "4"]
    assert len(recorder.tried) == 7


async def test_lanes_do_not_wait_for_each_other(core: Core, lobby: int, recorder: Recorder) -> None:
    """Members are told at the same time."""
    assert lobby
    await core.absorb([posted(2, BOB)])
    recorder.seconds = 1.0
    for person in (ANN, BOB):
        await owe(core, Tell(member=await member_of(core, person.id), reply=said(person.name)))
    began = asyncio.get_running_loop().time()

    await core.settle()

    assert sorted(recorder.said) == ["Ann", "Bob"]
    assert asyncio.get_running_loop().time() - began < 1.9


async def test_a_failure_is_tried_again_and_less_and_less_often(
    core: Core, clock: HandClock, lobby: int, recorder: Recorder
) -> None:
    """An unforeseen error is not final: the waits double, to 15 s while somebody may wait, then further; to an end."""
    moments: list[int] = []

    def fail(_: Delivery) -> Exception:
        moments.append(clock.now())
        return RuntimeError("who knows")

    recorder.answer = fail
    await owe(core, Post(place=lobby, reply=said("hello")))
    await core.pass_time(clock, NOON + 90 * SECOND)
    soon = [after - before for before, after in pairwise(moments)]
    await core.pass_time(clock, NOON + 7 * 24 * 3600 * SECOND)
    late = [after - before for before, after in pairwise(moments)][-5:]

    assert len(soon) >= 5
    assert soon[1] > soon[0] * 1.2
    assert max(soon) <= 15 * SECOND
    assert min(late) >= 300 * SECOND
    assert await outcomes(core) == [("Post", "refused")]


@pytest.mark.parametrize(
    ("error", "reason", "outcome"),
    [
        (RuntimeError("who knows"), "something broke each time", "refused"),
        (Later(600), "kept me waiting for too long", "refused"),
        (Unknown(), "did not answer", "unknown"),
        (Failed(), "did not answer", "unknown"),
    ],
)
async def test_no_promise_is_tried_for_ever(
    *, core: Core, clock: HandClock, lobby: int, recorder: Recorder, error: Exception, reason: str, outcome: str
) -> None:
    """After days it is given up, and staff hear of it once, with what to do."""
    await core.absorb([posted(1, spot=STAFF)])
    await core.invoke(typed("/settings set community.staff_place staff", access=Access.ADMIN))
    recorder.abilities = KEYED
    core.plug(recorder)
    recorder.answer = lambda each: error if each.place and each.place.external_id == LOBBY.id else None
    await owe(core, Post(place=lobby, reply=said("hello")))

    await core.pass_time(clock, clock.now() + 5 * 24 * 3600 * SECOND)

    (notice,) = recorder.said
    assert reason in notice
    assert ("do not know whether" in notice) is (outcome == "unknown")
    assert [found for _, found in await outcomes(core)] == [outcome, "kept"]


async def test_what_can_be_asked_again_is_lost_in_silence(core: Core, lobby: int, recorder: Recorder) -> None:
    """Staff need not hear of it: a member who misses the answer asks again."""
    await core.absorb([posted(1, spot=STAFF)])
    await core.invoke(typed("/settings set community.staff_place staff", access=Access.ADMIN))
    recorder.answer = times(1, Unknown())
    await owe(core, Post(place=lobby, reply=said("hello"), again=True))

    await core.settle()

    assert recorder.said == []
    assert len(recorder.tried) == 1


async def test_a_final_no_is_told_staff_once(core: Core, lobby: int, recorder: Recorder) -> None:
    """Staff hear in their place what could not be done and how to fix it, once a day for the same trouble."""
    await core.absorb([posted(1, spot=STAFF)])
    asked = typed("/settings set community.staff_place staff", access=Access.ADMIN)
    await core.invoke(asked)
    recorder.answer = lambda each: Refused("role_above", "50013") if isinstance(each.effect, GrantRole) else None
    for person in (ANN, BOB):
        await core.absorb([posted(2, person)])
        grant = GrantRole(place=lobby, member=await member_of(core, ANN.id), role="7", name="Gold", why=person.name)
        await owe(core, grant)

    await core.settle()
    await core.settle()

    (notice,) = recorder.said
    assert notice.startswith("I could not give a role.\nMember: Ann. Place: #lobby.")
    assert "drag my role above" in notice
    assert recorder.done[-1].place
    assert recorder.done[-1].place.external_id == STAFF.id
    assert [outcome for kind, outcome in await outcomes(core) if kind == "GrantRole"] == ["refused", "refused"]
    assert len(recorder.tried) == 3


@pytest.mark.parametrize("reason", ["closed_dm", "blocked"])
async def test_a_closed_door_is_remembered(core: Core, lobby: int, recorder: Recorder, reason: str) -> None:
    """A member who blocks us is marked so; staff are not bothered with it."""
    assert lobby
    recorder.answer = lambda _: Refused(reason)
    await owe(core, Tell(member=await member_of(core, ANN.id), reply=said("psst")))

    await core.settle()

    async with core.store.read() as tx:
        (account,) = await members.find_accounts(tx, await home_of(core), [(NAME, ANN.id)])
    assert not account.reachable
    assert len(recorder.tried) == 1


async def test_staff_are_not_told_in_the_place_that_refuses(core: Core, lobby: int, recorder: Recorder) -> None:
    """When staff's own place refuses messages, that is not reported there again and again."""
    await core.invoke(typed("/settings set community.staff_place lobby", access=Access.ADMIN))
    recorder.answer = lambda _: Refused("missing_permission")
    await owe(core, Post(place=lobby, reply=said("hello")))

    await core.settle()

    assert len(recorder.tried) == 1


# Nobody knows whether it was done


@pytest.mark.parametrize(
    ("effect", "keyed", "unknowns", "tries", "outcome"),
    [
        (Post(place=0, reply=said("nudge"), repeats=False), False, 9, 1, "unknown"),
        (Post(place=0, reply=said("receipt")), False, 9, 2, "unknown"),
        (Post(place=0, reply=said("receipt")), False, 1, 2, "kept"),
        (Post(place=0, reply=said("nudge"), repeats=False), True, 3, 4, "kept"),
        (GrantRole(place=0, member=0, role="7", name="Gold", why="paid"), False, 3, 4, "kept"),
        (Withdraw(place=0, message="9"), False, 3, 4, "kept"),
    ],
)
async def test_no_answer_is_no_licence_to_repeat(
    core: Core, clock: HandClock, lobby: int, recorder: Recorder,
    effect: Post | GrantRole | Withdraw, keyed: bool, unknowns: int, tries: int, outcome: str,
) -> None:  # fmt: skip
    """A reminder is never tried twice, a receipt once more; what is safe to repeat, until it is done."""
    if keyed:
        recorder.abilities = KEYED
        core.plug(recorder)
    recorder.answer = times(unknowns, Unknown())
    if isinstance(effect, GrantRole):
        effect = replace(effect, member=await member_of(core, ANN.id))
    await owe(core, replace(effect, place=lobby))

    await core.pass_time(clock, clock.now() + 600 * SECOND)

    assert len(recorder.tried) == tries
    assert [found for _, found in await outcomes(core)] == [outcome]


@pytest.mark.parametrize(
    ("repeats", "keyed", "crashes", "tries", "outcome"),
    [
        (True, False, 1, 2, "kept"),
        (False, False, 1, 1, "unknown"),
        (False, True, 1, 2, "kept"),
        (True, False, 2, 2, "unknown"),
    ],
)
async def test_a_crash_between_sending_and_writing_down(
    core: Core, clock: HandClock, lobby: int, recorder: Recorder,
    repeats: bool, keyed: bool, crashes: int, tries: int, outcome: str,
) -> None:  # fmt: skip
    """The next process finds it when the lease has run out: a receipt may come twice, a reminder does not."""
    if keyed:
        recorder.abilities = KEYED
        core.plug(recorder)
    await owe(core, Post(place=lobby, reply=said("hello"), repeats=repeats))
    for _ in range(crashes):
        await crash(core)
        clock.move(clock.now() + LEASE - 1)
        await core.settle()
        clock.move(clock.now() + 1)

    await core.settle()

    assert len(recorder.tried) == tries
    assert len({delivery.key for delivery in recorder.tried}) == 1
    assert await outcomes(core) == [("Post", outcome)]


async def test_what_was_sent_can_be_pressed_before_it_is_written_down(core: Core, lobby: int) -> None:
    """The platform shows it at once, with its buttons."""
    assert lobby
    member = await member_of(core, ANN.id)
    await owe(core, Tell(member=member, reply=said("hello").but(buttons=(Button("Help", "/help"),))))
    await crash(core)
    ours = f"{NAME}:msg:ours1"

    async with core.store.read() as tx:
        assert await sent.find(tx, ours) is None
        found = await message_of(tx, core.desk, ours)

    assert found
    assert found.presses == ("/help",)


async def crash(core: Core) -> None:
    """Another process claims what is due, performs it, and dies before it could write that down."""
    dying = Outbox(core.store, core.desk, core.clock, core.platforms, core.absorb)
    dying.serving |= core.outbox.serving
    await dying._turn()
    await asyncio.gather(*dying._air)


@pytest.mark.parametrize(
    ("repeats", "crashes", "tries", "outcome"),
    [(True, 1, 2, "kept"), (False, 1, 1, "unknown"), (True, 2, 2, "unknown")],
)
async def test_what_the_one_before_us_had_in_the_air_is_ours_at_once(
    core: Core, lobby: int, recorder: Recorder, *, repeats: bool, crashes: int, tries: int, outcome: str
) -> None:
    """The only process of a platform waits for no lease; what may come twice and what may not stays the same."""
    await owe(core, Post(place=lobby, reply=said("hello"), repeats=repeats))
    for _ in range(crashes):
        await crash(core)
        core.outbox.serve(NAME)
        if crashes > 1:
            await core.outbox._inherit()

    await core.settle()

    assert len(recorder.tried) == tries
    assert await outcomes(core) == [("Post", outcome)]


@pytest.mark.parametrize(("holder", "dead"), [("elsewhere:1:1", False), (f"{gethostname()}:{getppid()}:1", True)])
async def test_of_the_house_only_the_dead_are_inherited(
    two: tuple[Core, Core], clock: HandClock, holder: str, *, dead: bool
) -> None:
    """Several processes keep the house's own promises; if a holder may be alive, its lease decides."""
    core, other = two
    await core.absorb([posted(1)])
    await owe(core, Remind(subject="raffle:1"))
    core.outbox.holder = holder
    async with core.store.write() as tx:
        await promises.claim(tx, ["hearth"], holder, clock.now(), clock.now() + LEASE, 9)

    await other.settle()

    assert await outcomes(core) == [("Remind", "kept" if dead else None)]


async def test_a_community_in_a_flood_holds_up_no_other(core: Core, lobby: int, recorder: Recorder) -> None:
    """Few promises of one community are in the air at once, so that others find room; urgent ones find it at once."""
    assert lobby
    people = [replace(ANN, id=str(number), name=f"m{number}", username=None) for number in range(60)]
    await core.absorb([posted(f"p{person.id}", person) for person in people])
    for person in people:
        await owe(core, Tell(member=await member_of(core, person.id), reply=said("flood")))
    away = Spot(NAME, "away", "channel", "#away", Spot(NAME, "there", "guild", "There"))
    await core.absorb([posted("a", spot=away)])
    async with core.store.read() as tx:
        (far,) = await communities.find_places(tx, [(NAME, "away")])
    async with core.store.write() as tx:
        work = await open_work(tx, core.desk, far.community_id, core.clock.now(), cause="test", platform=NAME)
        (ann,) = await members.find_accounts(tx, far.community_id, [(NAME, ANN.id)])
        await work.promise(Tell(member=ann.member_id, reply=said("other")))
    await owe(core, Tell(member=await member_of(core, ANN.id), reply=said("order")), urgent=True)
    recorder.seconds = 0.05

    await core.settle()

    assert recorder.said.index("order") < 2 * EACH
    assert recorder.said.index("other") < 4 * EACH
    assert len(recorder.said) == 62


@pytest.mark.parametrize("communities_with_roles", [1, 6])
async def test_what_hangs_holds_up_nothing_of_another_sort(
    core: Core, lobby: int, recorder: Recorder, communities_with_roles: int
) -> None:
    """A platform hangs on roles, in one community or in all; messages are sent meanwhile."""
    people = [replace(ANN, id=str(number), name=f"m{number}", username=None) for number in range(8)]
    for number in range(communities_with_roles):
        spot = replace(LOBBY, id=f"l{number}", parent=replace(HOME, id=f"h{number}")) if number else LOBBY
        await core.absorb([posted(f"{number}:{person.id}", person, spot=spot) for person in people])
        async with core.store.write() as tx:
            (place,) = await communities.find_places(tx, [(NAME, spot.id)])
            accounts = await members.find_accounts(tx, place.community_id, [(NAME, person.id) for person in people])
            work = await open_work(tx, core.desk, place.community_id, core.clock.now(), cause="test", platform=NAME)
            for account in accounts:
                grant = GrantRole(place=place.id, member=account.member_id, role="7", name="Gold", why="test")
                await work.promise(grant)
    recorder.hangs = lambda delivery: isinstance(delivery.effect, GrantRole)
    running = asyncio.create_task(core.outbox.run())
    while len(recorder.tried) < min(EACH * communities_with_roles, ABREAST):
        await asyncio.sleep(0.01)
    for number in range(2 * EACH):
        await owe(core, Post(place=lobby, reply=said(str(number))))

    async with asyncio.timeout(5):
        while len(recorder.said) < 2 * EACH:
            await asyncio.sleep(0.01)

    assert len(recorder.tried) - len(recorder.done) < ABREAST + EACH
    await core.outbox.stop(0.1)
    await running


async def test_a_pause_is_no_crash(core: Core, clock: HandClock, lobby: int, recorder: Recorder) -> None:
    """A reminder that the platform put off is still sent: its outcome was known."""
    recorder.answer = times(1, Later(5))
    await owe(core, Post(place=lobby, reply=said("nudge"), repeats=False))

    await core.pass_time(clock, clock.now() + 10 * SECOND)

    assert recorder.said == ["nudge"]


async def test_a_crash_after_a_pause_is_a_crash(core: Core, clock: HandClock, lobby: int, recorder: Recorder) -> None:
    """A reminder put off first and lost later is not sent again."""
    recorder.answer = times(1, Later(5))
    await owe(core, Post(place=lobby, reply=said("nudge"), repeats=False))
    await core.settle()
    clock.move(clock.now() + 5 * SECOND)
    await crash(core)
    clock.move(clock.now() + LEASE)

    await core.settle()

    assert recorder.said == ["nudge"]
    assert await outcomes(core) == [("Post", "unknown")]


async def test_two_outboxes_share_the_work(core: Core, lobby: int, recorder: Recorder) -> None:
    """However many outboxes look for work, each promise is performed by one."""
    assert lobby
    people = [replace(ANN, id=str(number), name=f"m{number}", username=None) for number in range(60)]
    await core.absorb([posted(f"p{person.id}", person) for person in people])
    for person in people:
        await owe(core, Tell(member=await member_of(core, person.id), reply=said(person.name)))
    recorder.seconds = 0.001
    other = Outbox(core.store, core.desk, core.clock, core.platforms, core.absorb)
    other.serving |= core.outbox.serving

    await asyncio.gather(core.outbox.drain(), other.drain())

    assert sorted(recorder.said) == sorted(person.name for person in people)


async def test_a_moved_place_is_followed(core: Core, lobby: int, recorder: Recorder) -> None:
    """The platform names the new id: the place goes on under it, and the promise is kept there."""
    recorder.answer = lambda each: (
        Moved(LOBBY.id, "super") if each.place and each.place.external_id == LOBBY.id else None
    )
    await owe(core, Post(place=lobby, reply=said("hello")))
    await owe(core, Post(place=lobby, reply=said("again")))

    await core.settle()

    assert recorder.said == ["hello", "again"]
    assert [each.place.external_id for each in recorder.done if each.place] == ["super", "super"]
    assert await place_of(core, await home_of_place(core, "super"), "super") == lobby


async def home_of_place(core: Core, external: str) -> int:
    async with core.store.read() as tx:
        (place,) = await communities.find_places(tx, [(NAME, external)])
    return place.community_id


async def test_a_brief_post_is_withdrawn(core: Core, clock: HandClock, lobby: int, recorder: Recorder) -> None:
    """A reply for one member removes itself where everybody sees it."""
    await owe(core, Post(place=lobby, reply=said("psst"), seconds=60))

    await core.settle()
    await core.pass_time(clock, clock.now() + 59 * SECOND)
    assert [type(effect) for effect in recorder.effects] == [Post]
    await core.pass_time(clock, clock.now() + SECOND)

    assert recorder.effects[1:] == [Withdraw(place=lobby, message="1")]


async def test_what_cannot_be_addressed_is_void(core: Core, home: int, recorder: Recorder) -> None:
    """A promise to a place that no longer exists ends, and holds nothing up."""
    assert home
    await owe(core, Post(place=await place_of(core, home, LOBBY.id), reply=said("hello")))
    async with core.store.write() as tx:
        await tx.run("DELETE FROM place WHERE external_id = :id", id=LOBBY.id)

    await core.settle()

    assert recorder.tried == []
    async with core.store.read() as tx:
        rows = await tx.all("SELECT outcome FROM promise")
    assert [row["outcome"] for row in rows] == ["void"]


async def test_what_cannot_be_read_does_not_hold_up_its_lane(core: Core, lobby: int, recorder: Recorder) -> None:
    """An unreadable body is put aside, and what comes after it is performed."""
    await owe(core, Post(place=lobby, reply=said("first")))
    async with core.store.write() as tx:
        await tx.run("UPDATE promise SET body = '{}'")
    await owe(core, Post(place=lobby, reply=said("second")))

    await core.settle()

    assert recorder.said == ["second"]
    assert [outcome for _, outcome in await outcomes(core)] == ["void", "kept"]


async def told(core: Core) -> list[str | None]:
    """The outcome of what members should be told."""
    return [outcome for kind, outcome in await outcomes(core) if kind == "Tell"]


async def poison(core: Core, change: str, when: str) -> None:
    """From now on the store itself refuses to record this."""
    async with core.store.write() as tx:
        await tx.run(f"CREATE TRIGGER poison BEFORE {change} WHEN {when} BEGIN SELECT RAISE(ABORT, 'poison'); END")


async def test_one_result_that_cannot_be_written_down_is_lost_alone(core: Core, lobby: int, recorder: Recorder) -> None:
    """The other results are recorded, nothing is performed again, and later promises are performed."""
    assert lobby
    await core.absorb([posted(2, BOB)])
    await poison(core, "UPDATE ON promise", "NEW.outcome = 'refused'")
    ann, bob = await member_of(core, ANN.id), await member_of(core, BOB.id)
    recorder.answer = lambda each: (
        Refused("bad_request") if each.account and each.account.external_id == ANN.id else None
    )
    running = asyncio.create_task(core.outbox.run())
    for member in (ann, bob, ann, bob):
        await owe(core, Tell(member=member, reply=said(str(member))))
    core.outbox.wake()

    async with asyncio.timeout(10):
        while await told(core) != ["void", "kept", "void", "kept"]:
            await asyncio.sleep(0.01)
    assert not running.done()
    await core.outbox.stop(1)
    await running

    assert len(recorder.tried) == 4
    async with core.store.read() as tx:
        rows = await tx.all("SELECT error FROM promise WHERE outcome = 'void'")
    assert [row["error"] for row in rows] == ["not written down: IntegrityError"] * 2


async def test_a_promise_of_which_nothing_can_be_written_is_left_to_its_lease(
    core: Core, lobby: int, recorder: Recorder
) -> None:
    """The outbox goes on without it."""
    assert lobby
    await core.absorb([posted(2, BOB)])
    ann, bob = await member_of(core, ANN.id), await member_of(core, BOB.id)
    await owe(core, Tell(member=ann, reply=said("never")), once="never")
    await poison(core, "UPDATE ON promise", "NEW.once = 'never' AND NEW.kept_at IS NOT NULL")

    await core.settle()
    await owe(core, Tell(member=bob, reply=said("hello")))
    await core.settle()

    assert recorder.said == ["never", "hello"]
    assert await told(core) == [None, "kept"]


@pytest.mark.parametrize("detail", ["half of \ud800", "nothing \0", "\udfff"])
async def test_a_no_in_characters_that_are_none_is_written_down(
    core: Core, lobby: int, recorder: Recorder, detail: str
) -> None:
    """A platform's words cannot prevent that its refusal is recorded."""
    recorder.answer = lambda _: Refused("bad_request", detail)
    await owe(core, Post(place=lobby, reply=said("hello")))

    await core.settle()

    assert await outcomes(core) == [("Post", "refused")]
    assert len(recorder.tried) == 1


@pytest.mark.parametrize("seconds", [1e9, 1e17, 1e300, float("inf"), float("nan"), -5, 0])
async def test_patience_has_an_end(
    core: Core, clock: HandClock, lobby: int, recorder: Recorder, seconds: float
) -> None:
    """However long a platform wants us to wait, it is asked again after a quarter of an hour, and never at once."""
    recorder.answer = times(1, Later(seconds))
    await owe(core, Post(place=lobby, reply=said("hello")))

    await core.settle()
    assert recorder.said == []
    await core.pass_time(clock, clock.now() + 900 * SECOND)

    assert recorder.said == ["hello"]


async def test_a_promise_to_nobody_is_none(core: Core, home: int) -> None:
    """Without a place or account, nothing is owed."""
    assert home
    await owe(core, Post(place=404, reply=said("hello")))
    await owe(core, Tell(member=404, reply=said("hello")))

    assert await outcomes(core) == []


async def test_stopping_finishes_what_is_in_the_air(core: Core, lobby: int, recorder: Recorder) -> None:
    """What was begun is recorded; what was not begun waits for the next start."""
    recorder.seconds = 0.2
    await owe(core, Post(place=lobby, reply=said("first")))
    await owe(core, Post(place=lobby, reply=said("second")))
    running = asyncio.create_task(core.outbox.run())
    while not recorder.tried:
        await asyncio.sleep(0.01)

    await core.outbox.stop(5)
    await running

    assert recorder.said == ["first"]
    assert [outcome for _, outcome in await outcomes(core)] == ["kept", None]


async def test_stopping_does_not_wait_for_ever(core: Core, lobby: int, recorder: Recorder) -> None:
    """What takes too long is left to its lease."""
    recorder.seconds = 60
    await owe(core, Post(place=lobby, reply=said("never")))
    running = asyncio.create_task(core.outbox.run())
    while not recorder.tried:
        await asyncio.sleep(0.01)

    await core.outbox.stop(0.1)
    await running

    assert recorder.said == []
    assert await outcomes(core) == [("Post", None)]


async def test_a_running_outbox_wakes_for_what_is_promised(core: Core, lobby: int, recorder: Recorder) -> None:
    """A command's promise is performed as soon as it is committed, without any call."""
    assert lobby
    running = asyncio.create_task(core.outbox.run())
    await asyncio.sleep(0.05)
    began = asyncio.get_running_loop().time()
    await core.invoke(typed("/trial owe tea"))
    while not recorder.done:
        await asyncio.sleep(0.005)
    took = asyncio.get_running_loop().time() - began
    await core.outbox.stop(1)
    await running

    assert recorder.said == ["Kept tea."]
    assert took < 0.5


async def test_how_late_the_outbox_is_can_be_seen(core: Core, clock: HandClock, lobby: int) -> None:
    """It is the age of the oldest promise that is due and not kept; a promise not yet due is not late."""
    await owe(core, Post(place=lobby, reply=said("hello")))
    await owe(core, Post(place=lobby, reply=said("hello")), after=timedelta(hours=1))
    assert await core.lag() == 0
    clock.move(clock.now() + 90 * SECOND)

    assert await core.lag() == 90 * SECOND
    async with core.store.read() as tx:
        assert await promises.next_due(tx, [NAME]) is not None
    assert "1 minute 30 seconds late" in (await core.invoke(typed("/ping"))).plain


async def test_a_moment_comes_once_and_in_its_time(core: Core, home: int, clock: HandClock, trial: Trial) -> None:
    """A reminder is a promise like others, kept by the house itself: without a platform, and through restarts."""
    assert home
    await owe(core, Remind(subject="raffle:1"), after=timedelta(hours=1), once="raffle")
    await owe(core, Remind(subject="raffle:1"), after=timedelta(hours=2), once="raffle")
    core.outbox.serving.discard(NAME)

    await core.pass_time(clock, clock.now() + 90 * 60 * SECOND)
    assert trial.reminded == [("raffle:1", NOON + 3600 * SECOND)]
    await core.pass_time(clock, clock.now() + 3600 * SECOND)
    assert len(trial.reminded) == 1
    assert await outcomes(core) == [("Remind", "kept")]
