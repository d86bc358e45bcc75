"""Which members were warned that points expire, and what they gained after a moment."""

from dataclasses import replace

from models import expiry, ledger, standings
from models.communities import create_places, move_place
from models.expiry import Warned
from models.ids import Ids
from models.ledger import Entry
from models.stays import mark_left
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive

SOON = Warned(NOW - 30, 5, NOW + 10)


def entry(member: int, kind: str, amount: int, at: int, subject: str | None = None) -> Entry:
    return Entry(
        community_id=HOME, at=at, day=1, member_id=member, kind=kind, amount=amount, counts=False, reason=kind,
        cause=f"test:{member}:{kind}:{at}", subject=subject,
    )  # fmt: skip


async def test_holders_come_page_by_page(tx: Tx) -> None:
    """With points and no warning, or with a warning whose time has come."""
    for number, name in ((1, "ann"), (2, "bob"), (3, "cat"), (4, "dan")):
        await arrive(tx, HOME, number, name)
    await ledger.write(tx, [entry(member, "adjust", 9, NOW) for member in (1, 2, 3)], Ids(1))
    await standings.settle(tx, HOME)
    await expiry.warn(tx, HOME, [(2, SOON), (3, SOON)])
    await mark_left(tx, [(HOME, 3, NOW)])

    early = await expiry.holders(tx, HOME, NOW, 0, 9)
    assert [(each.member_id, each.warned) for each in early] == [(1, None)]
    due = await expiry.holders(tx, HOME, NOW + 10, 1, 9)
    assert [(each.member_id, each.balance, each.here, each.warned) for each in due] == [
        (2, 9, True, SOON), (3, 9, False, SOON),
    ]  # fmt: skip
    assert len(await expiry.holders(tx, HOME, NOW + 10, 0, 2)) == 2


async def test_warnings_are_forgotten(tx: Tx) -> None:
    """Those of a page whose time has come, or all of a community."""
    await expiry.warn(tx, HOME, [(1, SOON), (2, SOON), (3, SOON._replace(expires_at=NOW + 99))])
    await expiry.warn(tx, AWAY, [(1, SOON)])

    await expiry.forget_due(tx, HOME, NOW + 10, 1, 3)
    assert [await expiry.warned(tx, HOME, member) is None for member in (1, 2, 3)] == [False, True, False]

    await expiry.forget_all(tx, HOME)
    assert [await expiry.warned(tx, HOME, member) for member in (1, 3)] == [None, None]
    assert await expiry.warned(tx, AWAY, 1) == SOON


async def test_what_came_since(tx: Tx) -> None:
    """Each member after their own moment; reversed entries do not count, and points back from escrow are old."""
    ids = Ids(1)
    early, late, _ = await ledger.write(
        tx, [entry(1, "earn", 5, NOW), entry(1, "earn", 7, NOW + 50), entry(2, "earn", 3, NOW + 50)], ids
    )
    staked = entry(1, "stake", -4, NOW + 60, "raffle:1")
    back, won = (entry(1, "release", amount, NOW + 70, "raffle:1") for amount in (4, 6))
    await ledger.write(tx, [staked, back, won._replace(cause="test:won")], ids)

    assert await ledger.gained(tx, HOME, [(1, NOW + 10), (2, NOW + 50)]) == {1: 13}
    await ledger.reverse(tx, [late], "test:undo", NOW + 80, 1, None, "undo", ids)
    assert await ledger.gained(tx, HOME, [(1, NOW + 10)]) == {1: 6}
    assert await ledger.gained(tx, HOME, [(1, NOW - 1)]) == {1: 11}
    assert early.id


async def test_warnings_stay_behind(tx: Tx) -> None:
    """Other rules may hold in the community that the members move to."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await expiry.warn(tx, AWAY, [(1, SOON)])

    await move_place(tx, "telegram", "-5", "-100")

    assert await expiry.warned(tx, HOME, 1) is None
    assert await expiry.warned(tx, AWAY, 1) is None
