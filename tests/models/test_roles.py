"""Roles: as platforms tell them, why members should hold them, and what we did about it."""

from models import promises, roles
from models.promises import Promise
from models.roles import Holder, Reason, RoleChange
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW

ANN, BOB = 11, 12
GUILD, OTHER_GUILD = 21, 22
HELPER, PATRON = "900", "901"


def reason(member: int, role: str, why: str = "level", subject: str = "5", until: int | None = None) -> Reason:
    return Reason(
        community_id=HOME,
        member_id=member,
        place_id=GUILD,
        role_id=role,
        name="Helper",
        reason=why,
        subject=subject,
        at=NOW,
        until=until,
    )


def changed(member: int, role: str, promise: int, *, wanted: bool = True) -> RoleChange:
    return RoleChange(
        community_id=HOME,
        member_id=member,
        role_id=role,
        place_id=GUILD,
        name="Helper",
        wanted=wanted,
        promise_id=promise,
        at=NOW,
    )


async def test_what_is_told_replaces_what_was_known(tx: Tx) -> None:
    """For one guild: what another guild told stays. Only differences are news."""
    here, there = Holder(HOME, ANN, GUILD), Holder(HOME, ANN, OTHER_GUILD)

    assert await roles.told(tx, {here: frozenset({HELPER}), there: frozenset({PATRON})}) == {here, there}
    assert await roles.told(tx, {here: frozenset({HELPER})}) == set()
    assert await roles.told(tx, {here: frozenset()}) == {here}

    assert await roles.roles_of(tx, HOME, [ANN, BOB]) == {ANN: frozenset({PATRON})}
    assert await roles.roles_of(tx, AWAY, [ANN]) == {}


async def test_holders_are_found_by_role(tx: Tx) -> None:
    """Each member who holds it anywhere, once."""
    await roles.told(
        tx,
        {
            Holder(HOME, BOB, GUILD): frozenset({HELPER}),
            Holder(HOME, ANN, GUILD): frozenset({HELPER, PATRON}),
            Holder(HOME, ANN, OTHER_GUILD): frozenset({HELPER}),
            Holder(AWAY, 13, GUILD): frozenset({HELPER}),
        },
    )

    assert await roles.holders(tx, HOME, HELPER) == [ANN, BOB]


async def test_reasons_come_and_go(tx: Tx) -> None:
    """Each once; the same reason again only moves its end."""
    shop = reason(ANN, HELPER, "shop", "7", NOW + 1)
    await roles.add_reasons(tx, [reason(ANN, HELPER), shop, reason(BOB, PATRON)])
    later = reason(ANN, HELPER, "shop", "7", NOW + 2)
    await roles.add_reasons(tx, [later])

    assert await roles.reasons_of(tx, HOME, [ANN]) == [reason(ANN, HELPER), later]

    await roles.drop_reasons(tx, [reason(ANN, HELPER)])
    assert await roles.reasons_of(tx, HOME, [ANN, BOB]) == [later, reason(BOB, PATRON)]


async def test_reasons_end(tx: Tx) -> None:
    """Those whose time is over, the earliest first; one without an end never."""
    early, late = reason(BOB, HELPER, "shop", "1", NOW - 2), reason(ANN, HELPER, "shop", "2", NOW)
    await roles.add_reasons(tx, [reason(ANN, PATRON), late, early, reason(ANN, HELPER, "shop", "3", NOW + 1)])

    assert await roles.ended(tx, HOME, NOW, 10) == [early, late]
    assert await roles.ended(tx, HOME, NOW, 1) == [early]
    assert await roles.due(tx, HOME, NOW) == (2, 3)


async def test_what_came_of_a_change_stands_in_its_promise(tx: Tx) -> None:
    """The latest change of each role counts, and refused ones are found."""
    made = [
        Promise(community_id=HOME, id=number, kind="GrantRole", body="{}", platform="discord", due_at=NOW, cause="test")
        for number in (101, 102, 103)
    ]
    await promises.make(tx, made)
    await roles.note_changes(tx, [changed(ANN, HELPER, 101), changed(ANN, PATRON, 102)])
    await roles.note_changes(tx, [changed(ANN, PATRON, 103, wanted=False)])
    await promises.keep(tx, [(HOME, 101, "refused", "role_above: Helper"), (HOME, 102, "refused", "old")], NOW)

    helper, patron = await roles.changes_of(tx, HOME, [ANN])

    assert (helper.wanted, helper.outcome, helper.error) == (True, "refused", "role_above: Helper")
    assert (patron.wanted, patron.outcome, patron.promise_id) == (False, None, 103)
    assert await roles.refused(tx, HOME, 10) == [helper]
