"""Roles as rewards: reasons, ends, refusals, and what members are told about them."""

from bot.community.rewards import acts as rewards_acts
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import GrantRole, TakeRole
from bot.kit.errors import Refused
from bot.kit.events import MemberJoined, MemberLeft
from bot.kit.references import Person
from bot.kit.work import open_work
from models import communities
from models import roles as roles_store
from models.roles import Reward
from tests.bot.conftest import home_of
from tests.bot.purses import id_of, meet, rules, says
from tests.bot.recorder import ANN, BOB, DAY, HOME, HOUR, LOBBY, NAME, NOON, STAFF, Recorder, posted


async def hold(core: Core, reason: str, subject: str = "", until: int | None = None, who: Person = ANN) -> None:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.write() as tx:
        work = await open_work(tx, core.desk, home, core.clock.now(), cause=f"test:{reason}:{subject}")
        (place,) = await communities.find_places(tx, [(NAME, HOME.id)])
        why = rewards_acts.why(work, member, Reward(place.id, "900", "Patron"), reason, subject, until)
        await rewards_acts.change(work, [why], [])
    await core.settle()


async def drop(core: Core, reason: str, who: Person = ANN) -> None:
    home, member = await home_of(core), await id_of(core, who)
    async with core.store.write() as tx:
        work = await open_work(tx, core.desk, home, core.clock.now(), cause=f"test:{reason}:gone")
        reasons = await roles_store.reasons_of(tx, home, [member])
        await rewards_acts.change(work, [], [each for each in reasons if each.reason == reason])
    await core.settle()


def told(who: Person, *roles: str) -> Person:
    """The platform says with a deed which roles the member holds."""
    return Person(who.platform, who.id, who.name, who.username, roles=frozenset(roles))


def changes(recorder: Recorder) -> list[str]:
    marks = {GrantRole: "+", TakeRole: "-"}
    return [marks[type(each)] + each.name for each in recorder.effects if isinstance(each, GrantRole | TakeRole)]


async def test_the_end_of_one_reason_leaves_the_others(core: Core, recorder: Recorder) -> None:
    """The role is given with the first reason and taken with the last."""
    await meet(core)
    await hold(core, "level", "5")
    await hold(core, "shop", "7")
    await drop(core, "level")
    assert changes(recorder) == ["+Patron"]

    await drop(core, "shop")
    assert changes(recorder) == ["+Patron", "-Patron"]


async def test_what_we_did_not_give_we_do_not_take(core: Core, recorder: Recorder) -> None:
    """A member who held the role before, as the platform told, keeps it."""
    await meet(core)
    await core.absorb([posted("d", told(ANN, "900"))])

    await hold(core, "level", "5")
    await drop(core, "level")

    assert changes(recorder) == []
    assert "somebody gave it before I had a reason to" in (await says(core, "/why")).plain


async def test_a_time_ends(core: Core, recorder: Recorder, clock: HandClock) -> None:
    """The role ends within the minute; the member is told which, and why."""
    await meet(core)
    await hold(core, "shop", "7", NOON + DAY)
    assert "order 7 in the shop, until Jan 6, 2026, 12:00:00\u202fPM UTC" in (await says(core, "/why")).plain

    await core.pass_time(clock, NOON + DAY + 60_000)

    assert changes(recorder) == ["+Patron", "-Patron"]
    assert "Your role Patron has ended: order 7 in the shop." in recorder.said


async def test_many_that_end_together_go_page_by_page(core: Core, recorder: Recorder, clock: HandClock) -> None:
    """When more would end at once than allowed, staff are asked; once they agree, all of it ends."""
    await meet(core)
    await core.absorb([posted("s", ANN, spot=STAFF)])
    await rules(core, f"/settings set community.staff_place {STAFF.name}")
    for number in range(101):
        await hold(core, "shop", str(number), NOON + DAY)

    await core.pass_time(clock, NOON + DAY + 60_000)
    assert changes(recorder) == ["+Patron"]
    assert any(said.startswith("101 of 101 roles given for a time would end now") for said in recorder.said)

    assert (await rules(core, "/overdue roles")).plain == "I am ending 101 roles given for a time now."
    await core.settle()
    assert changes(recorder) == ["+Patron", "-Patron"]


async def test_a_refusal_is_explained_and_heals(core: Core, recorder: Recorder, clock: HandClock) -> None:
    """/why tells what would fix it; once fixed, the role comes without anybody asking."""
    await meet(core)
    recorder.answer = lambda delivery: (
        Refused("role_above", "Patron") if isinstance(delivery.effect, GrantRole) else None
    )
    await hold(core, "level", "5")
    said = (await says(core, "/why")).plain
    assert "For: level 5." in said
    assert "The platform refused. I try again every hour." in said
    assert "drag my role above the role that I should give" in said

    recorder.answer = lambda _: None
    await core.pass_time(clock, NOON + 2 * HOUR)

    assert changes(recorder) == ["+Patron"]
    assert "It is there." in (await says(core, "/why")).plain


async def test_whoever_returns_gets_back_what_they_should_hold(core: Core, recorder: Recorder) -> None:
    """A platform forgets a leaver's roles, so they are given again on return, and not before."""
    await meet(core)
    await hold(core, "level", "5")
    await core.absorb([MemberLeft(cause="left", at=NOON, who=ANN, spot=LOBBY)])
    await hold(core, "shop", "7")
    assert changes(recorder) == ["+Patron"]

    await core.absorb([MemberJoined(cause="back", at=NOON + 1, who=told(ANN), spot=LOBBY)])
    await core.settle()

    assert changes(recorder) == ["+Patron", "+Patron"]


async def test_nobody_looks_at_others_but_staff(core: Core) -> None:
    """Members cannot see other members' roles."""
    await meet(core)
    await hold(core, "level", "5", who=BOB)

    assert (await says(core, "/why @bob")).plain.startswith("You can ask about your own roles")
    assert "For: level 5." in (await rules(core, "/why @bob")).plain
    assert (await says(core, "/why")).plain == "I gave Ann no roles, and there is none I should give."


async def test_the_roles_of_staff_are_told_apart(core: Core) -> None:
    """The same roles are news once; different roles are news again."""
    await core.absorb([posted("a", told(ANN, "@staff", "7"))])
    home, ann = await home_of(core), await id_of(core, ANN)
    async with core.store.read() as tx:
        assert await roles_store.roles_of(tx, home, [ann]) == {ann: frozenset({"@staff", "7"})}

    await core.absorb([posted("b", told(ANN)), posted("c", ANN)])

    async with core.store.read() as tx:
        assert await roles_store.roles_of(tx, home, [ann]) == {}
