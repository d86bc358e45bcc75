"""Who is here where no platform tells: known by deeds, found missing by chance, and looked for when it matters."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, GrantRole, LookFor
from bot.kit.errors import Refused
from bot.kit.events import MemberLeft, VoiceSpent
from bot.kit.platform import Delivery
from bot.kit.references import Person, Spot
from bot.kit.work import open_work
from models import members
from models.members import Member
from tests.bot.conftest import home_of
from tests.bot.purses import balances, id_of, meet, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, HOME, LOBBY, NAME, NOON, PUBLIC, Recorder, chosen, posted, typed

BLIND = replace(PUBLIC, leaves=False)
MINUTE = 60_000


@pytest.fixture
async def blind(core: Core, recorder: Recorder) -> Core:
    """A platform that does not tell who leaves; everybody has 100 points."""
    recorder.abilities = BLIND
    core.able(recorder)
    await meet(core)
    return core


def without(*gone: Person) -> Callable[[Delivery], Exception | None]:
    """These members have left."""

    def answer(delivery: Delivery) -> Exception | None:
        there = delivery.account is None or delivery.account.external_id not in {each.id for each in gone}
        return None if there or not isinstance(delivery.effect, LookFor | GrantRole) else Refused("member_gone")

    return answer


async def member(core: Core, who: Person) -> Member:
    home, number = await home_of(core), await id_of(core, who)
    async with core.store.read() as tx:
        return await members.known(tx, home, number)


async def facts(core: Core, kind: str) -> int:
    async with core.store.read() as tx:
        row = await tx.one("SELECT COUNT(*) AS found FROM activity WHERE kind = :kind", kind=kind)
    return int(row["found"]) if row else 0


async def owes_role(core: Core, who: Person) -> None:
    home, number = await home_of(core), await id_of(core, who)
    async with core.store.write() as tx:
        work = await open_work(tx, core.desk, home, core.clock.now(), cause="trial")
        where = await tx.one("SELECT id FROM place WHERE external_id = :id", id=HOME.id)
        assert where
        await work.promise(GrantRole(place=where["id"], member=number, role="7", name="Tea", why=""))
    await core.outbox.drain()


def looked_for(recorder: Recorder) -> list[str]:
    tried = [each for each in recorder.tried if isinstance(each.effect, LookFor)]
    return [each.account.name for each in tried if each.account]


async def test_since_when_somebody_is_here(core: Core) -> None:
    """The join date comes with a deed and is noted once; it is not a join today."""
    await core.absorb([posted(1, replace(ANN, since=NOON - 400 * DAY))])
    await core.absorb([posted(2, replace(ANN, since=NOON - 300 * DAY)), posted(3, BOB)])

    assert ((await member(core, ANN)).joined_at, (await member(core, BOB)).joined_at) == (NOON - 400 * DAY, None)
    assert await facts(core, "join") == 0


@pytest.mark.parametrize("since", [0, NOON + 1])
async def test_somebody_is_back(core: Core, since: int) -> None:
    """A member who left and does something again is here, even without a join event."""
    await core.absorb([posted(1)])
    await core.absorb([MemberLeft(cause="left", at=NOON + 2, who=ANN, spot=HOME)])
    assert (await member(core, ANN)).left_at == NOON + 2
    await core.absorb([posted(2, replace(ANN, since=since), at=NOON + 3)])

    assert (await member(core, ANN)).left_at is None
    assert await facts(core, "join") == 1
    await proven(core)


async def test_a_bot_is_nobody_who_comes_back(core: Core) -> None:
    """A bot is not here, whatever it does after its removal."""
    robot = replace(ANN, bot=True)
    await core.absorb([posted(1, robot)])
    await core.absorb([MemberLeft(cause="left", at=NOON + 2, who=robot, spot=HOME)])
    await core.absorb([posted(2, robot, at=NOON + 3)])

    assert await facts(core, "join") == 0


async def test_a_late_word_brings_nobody_back(core: Core) -> None:
    """Words from before leaving show no presence, nor does a talk that ended with it, nor a private message."""
    await core.absorb([posted(1)])
    await core.absorb([MemberLeft(cause="left", at=NOON + 2 * MINUTE, who=ANN, spot=HOME)])
    talk = VoiceSpent(cause="talk", at=NOON + 3 * MINUTE, who=ANN, spot=LOBBY, minutes=3)
    await core.absorb([posted(2, at=NOON + MINUTE), talk])
    await core.invoke(typed("/ping", ANN, spot=Spot(NAME, "dm", "dm", ""), at=NOON + DAY))

    assert (await member(core, ANN)).left_at == NOON + 2 * MINUTE


async def test_a_gift_to_somebody_who_is_gone(blind: Core, clock: HandClock) -> None:
    """It is refused: the platform sends with the command that they are not there; so they have left, once."""
    gone, now = replace(BOB, absent=HOME.id), NOON + MINUTE
    clock.move(now)
    for _ in range(2):
        reply = await blind.invoke(chosen("tip", ANN, to=gone, amount=5))
        assert "Bob has left" in reply.plain

    assert await balances(blind, ANN, BOB) == [100, 100]
    assert ((await member(blind, BOB)).left_at, await facts(blind, "leave")) == (now, 1)


async def test_a_stranger_who_is_named(blind: Core) -> None:
    """A stranger has not left what they never joined; nor has a member who is missing in another community."""
    await blind.absorb([posted("away", CAT, spot=Spot(NAME, "away", "guild", "Away"))])
    stranger = Person(NAME, "999", "Eve", "eve", absent=HOME.id)
    for who in (stranger, replace(BOB, absent="other"), replace(BOB, absent="away")):
        await blind.invoke(chosen("tip", ANN, to=who, amount=5))

    assert (await member(blind, stranger)).left_at == NOON
    assert (await facts(blind, "leave"), (await member(blind, BOB)).left_at) == (0, None)


async def test_a_role_for_somebody_who_is_gone(blind: Core, recorder: Recorder) -> None:
    """It cannot be given, so they have left, and staff are not bothered."""
    await rules(blind, "/settings set community.staff_place #staff")
    recorder.answer = without(BOB)
    await owes_role(blind, BOB)

    assert ((await member(blind, BOB)).left_at, await facts(blind, "leave")) == (NOON, 1)
    assert not any("left" in each for each in recorder.said)


async def test_a_member_of_another_guild(blind: Core, recorder: Recorder) -> None:
    """A member missing in one guild is looked for in the others; they left if they are in none."""
    home = await home_of(blind)
    async with blind.store.write() as tx:
        await tx.run(
            """
            INSERT INTO place (community_id, id, platform, external_id, parent_id, kind, name)
            VALUES (:home, 7, :name, 'second', NULL, 'guild', 'Second')
            """,
            home=home,
            name=NAME,
        )
    recorder.answer = lambda each: Refused("member_gone") if isinstance(each.effect, GrantRole) else None
    await owes_role(blind, BOB)
    assert (looked_for(recorder), (await member(blind, BOB)).left_at) == (["Bob"], None)

    recorder.answer = without(BOB)
    await owes_role(blind, BOB)
    assert (await member(blind, BOB)).left_at == NOON


@pytest.mark.parametrize("gone", [(BOB,), (BOB, CAT), ()])
async def test_a_raffle_is_drawn_among_those_who_are_here(
    blind: Core, recorder: Recorder, clock: HandClock, gone: tuple[Person, ...]
) -> None:
    """Members with a seat and no sign for a day are looked for first; leavers get their stake back."""
    await blind.invoke(chosen("raffle open", ANN, access=Access.STAFF, cost=10, lasts="3d"))
    for who in (BOB, CAT):
        await says(blind, "/raffle join 1", who)
    recorder.answer = without(*gone)
    await blind.pass_time(clock, NOON + 4 * DAY)

    here = 20 - 10 * len(gone)
    assert sum(await balances(blind, BOB, CAT)) == 200
    assert {"Bob", "Cat"} <= set(looked_for(recorder))
    assert await balances(blind, *gone) == [100] * len(gone)
    assert max(await balances(blind, BOB, CAT)) == (90 + here if here else 100)
    await proven(blind)


async def test_where_leaving_is_told_nobody_is_looked_for(core: Core, recorder: Recorder, clock: HandClock) -> None:
    """Nobody is looked for, not for a raffle, and not at night."""
    await meet(core)
    await core.invoke(chosen("raffle open", ANN, access=Access.STAFF, cost=10, lasts="3d"))
    await says(core, "/raffle join 1", BOB)
    await core.pass_time(clock, NOON + 30 * DAY)

    assert looked_for(recorder) == []


async def test_silent_members_are_looked_for_at_night(blind: Core, recorder: Recorder, clock: HandClock) -> None:
    """Members silent for a week are looked for; a member who is gone has left, and is not looked for again."""
    recorder.answer = without(BOB)
    await blind.pass_time(clock, NOON + 6 * DAY)
    assert looked_for(recorder) == []
    await blind.pass_time(clock, NOON + 8 * DAY)
    await blind.absorb([posted("back", CAT, at=clock.now())])
    first = looked_for(recorder)
    await blind.pass_time(clock, NOON + 12 * DAY)

    assert sorted(first) == ["Ann", "Bob", "Cat", "Root"]
    assert (await member(blind, BOB)).left_at is not None
    assert set(looked_for(recorder)[4:]) == {"Ann", "Root"}


async def test_what_we_are_not_told_is_said(blind: Core, recorder: Recorder) -> None:
    """`/ping` says so, and each setting that depends on it does too."""
    recorder.abilities = replace(BLIND, words=False)
    blind.able(recorder)
    pong = (await says(blind, "/ping")).plain
    got = (await rules(blind, "/settings get thanks.points")).plain
    put = (await rules(blind, "/settings set points.min_length 5")).plain
    other = (await rules(blind, "/settings get points.message")).plain

    assert "does not tell me who joins and leaves" in pong
    unread = "shows me the words of a message only when"
    assert [unread in each for each in (pong, got, put, other)] == [True, True, True, False]


async def test_what_we_are_told_needs_no_word(core: Core) -> None:
    """Where everything is told, neither says anything about it."""
    await meet(core)

    assert "does not" not in (await says(core, "/ping")).plain
    assert "does not show" not in (await rules(core, "/settings get thanks.points")).plain
