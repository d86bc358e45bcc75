"""Roles from the shop: given for a time or for good, ended, refunded, or refused by the platform."""

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import GrantRole, TakeRole
from bot.kit.errors import Refused
from bot.kit.platform import Abilities
from tests.bot.purses import balances, meet, proven, rules, says
from tests.bot.recorder import ANN, DAY, HOUR, NOON, Recorder

MONTH = 30 * DAY


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points, and the role Patron costs 10 for thirty days."""
    await meet(core)
    await rules(core, '/shop add Patron 10 shines "" "" @patron 30d')
    return core


def changes(recorder: Recorder) -> list[str]:
    marks = {GrantRole: "+", TakeRole: "-"}
    return [marks[type(each)] + each.name for each in recorder.effects if isinstance(each, GrantRole | TakeRole)]


async def test_a_role_is_given_for_its_time(ready: Core, recorder: Recorder, clock: HandClock) -> None:
    """It is given at once until it ends; then it is taken, and the member is told."""
    bought = await says(ready, "/buy Patron")
    await ready.settle()
    assert "The role patron is on its way." in bought.plain
    assert changes(recorder) == ["+patron"]
    assert "For: order 2 in the shop, until" in (await says(ready, "/why")).plain

    await ready.pass_time(clock, NOON + MONTH + HOUR)

    assert changes(recorder) == ["+patron", "-patron"]
    assert "Your role patron has ended: order 2 in the shop." in recorder.said
    await proven(ready)


async def test_time_is_bought_after_time(ready: Core, recorder: Recorder, clock: HandClock) -> None:
    """The second month begins when the first ends, and nothing is taken in between."""
    await says(ready, "/buy Patron")
    await says(ready, "/buy Patron")

    await ready.pass_time(clock, NOON + MONTH + HOUR)
    assert changes(recorder) == ["+patron"]

    await ready.pass_time(clock, NOON + 2 * MONTH + HOUR)
    assert changes(recorder) == ["+patron", "-patron"]


async def test_what_is_refunded_is_taken(ready: Core, recorder: Recorder) -> None:
    """The points come back, the role goes."""
    await says(ready, "/buy Patron")
    await rules(ready, "/shop refund 2 a mistake")
    await ready.settle()

    assert await balances(ready, ANN) == [100]
    assert changes(recorder) == ["+patron", "-patron"]


async def test_staff_see_what_could_not_be_given(ready: Core, recorder: Recorder) -> None:
    """An order whose role was refused is among the open ones, and can be refunded."""
    recorder.answer = lambda delivery: Refused("role_above") if isinstance(delivery.effect, GrantRole) else None
    await says(ready, "/buy Patron")
    await ready.settle()

    orders = await rules(ready, "/shop orders")

    assert "I could not give the role." in orders.plain
    assert [button.line for button in orders.buttons] == ["/shop refund 2"]
    assert "the role could not be given, and staff know" in (await says(ready, "/purchases")).plain


async def test_a_role_for_good_is_had_once(ready: Core) -> None:
    """A second one would add nothing."""
    await rules(ready, '/shop add Elder 10 wise "" "" @elder')
    await says(ready, "/buy Elder")

    assert "You already have Elder; each member can have one." in (await says(ready, "/buy Elder")).plain


async def test_only_roles_have_a_time(ready: Core) -> None:
    """What staff deliver does not end."""
    refused = await rules(ready, '/shop add Mug 10 tea "" "" "" 30d')

    assert "only a role can end" in refused.plain


async def test_without_roles_there_is_none_to_sell(ready: Core, recorder: Recorder) -> None:
    """Where a platform has no roles, an administrator is told where there are some."""
    ready.desk.abilities[recorder.name] = Abilities(private_replies=False, roles=False, history=False, keyed=False)

    assert "only where there are roles" in (await rules(ready, '/shop add Elder 10 wise "" "" @elder')).plain
