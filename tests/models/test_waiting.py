"""What would end at once, how much of it there is, and what staff allowed."""

from models import activity, bounties, expiry, ladder, promises, roles, shop, waiting
from models.activity import Fact
from models.bounties import Bounty
from models.ladder import Step
from models.promises import Promise
from models.shop import Purchase
from models.store import Tx
from models.waiting import Due
from tests.models.conftest import AWAY, HOME, NOW

MINUTE, DAY = 60_000, 86_400_000


async def test_what_waits_is_told_once_and_let_go(tx: Tx) -> None:
    """Staff allow the number they were told, even if more is due by then."""
    await waiting.wait(tx, HOME, "roles", Due(20, 30), NOW)
    await waiting.wait(tx, HOME, "roles", Due(21, 30), NOW + 1)
    await waiting.wait(tx, AWAY, "roles", Due(50, 60), NOW)
    await waiting.allow(tx, HOME, "roles", NOW + 2)
    await waiting.wait(tx, HOME, "roles", Due(25, 30), NOW + 3)

    found = await waiting.find(tx, HOME, "roles")
    assert found is not None
    assert (found.due, found.total, found.since, found.allowed, found.allowed_at) == (20, 30, NOW, 20, NOW + 2)
    await waiting.forget(tx, HOME, "roles")
    assert await waiting.find(tx, HOME, "roles") is None
    assert [each.community_id for each in await waiting.all_waiting(tx)] == [AWAY]


async def test_what_is_due_is_counted(tx: Tx) -> None:
    """Of each kind what has an end and is not over; an empty store has none."""
    assert await roles.due(tx, HOME, NOW) == Due(0, 0)
    assert await expiry.due(tx, HOME, NOW) == Due(0, 0)
    for number, until in enumerate((NOW, NOW + 1, None), 1):
        order = Purchase(
            community_id=HOME,
            number=number,
            item=1,
            member_id=7,
            price=1,
            entry_id=1,
            at=NOW,
            until=until,
            state="held",
        )
        await shop.add_purchase(tx, order)
        bounty = Bounty(
            community_id=HOME, number=number, question=number, owner_id=7, amount=1, placed_at=NOW, ends_at=NOW + number
        )
        await bounties.place(tx, bounty)
        await ladder.put_step(tx, HOME, Step(number, "stale" if number < 3 else "call", NOW + number))
        await activity.record(tx, [Fact(HOME, f"c:{number}", NOW, number, "message", 7)])

    assert await shop.due(tx, HOME, NOW) == Due(1, 2)
    assert await bounties.due(tx, HOME, NOW + 2) == Due(2, 3)
    assert await ladder.due(tx, HOME, "stale", NOW + 9) == Due(2, 3)
    assert await activity.due(tx, HOME, 3) == Due(2, 3)
    assert await activity.oldest_day(tx, HOME) == 1
    assert await activity.oldest_day(tx, AWAY) is None


async def test_promises_come_back_with_the_clock(tx: Tx) -> None:
    """Promises made while it was ahead wait as long as planned; those put off wait a short time."""
    ahead = NOW + 40 * DAY
    tick = 1 << 22
    base = (NOW - 1_577_836_800_000) * tick

    def made(number: int, made_at: int, due_at: int) -> Promise:
        own = base + (made_at - NOW) * tick + number
        return Promise(community_id=HOME, id=own, kind="Post", body="{}", platform="x", due_at=due_at, cause="test")

    now, then, timer, past = (
        made(1, NOW - DAY, NOW - DAY), made(2, ahead, ahead), made(3, ahead, ahead + DAY), made(4, ahead, NOW - 5),
    )  # fmt: skip
    await promises.make(tx, [now, then, timer, past])
    await promises.retry(tx, [(HOME, now.id, ahead + MINUTE, "down")])

    assert await promises.set_back(tx, NOW, 2 * 60 * MINUTE, MINUTE) == 4

    rows = await tx.all("SELECT id, due_at, leased_until FROM promise ORDER BY id")
    assert {row["id"]: (row["due_at"] - NOW, row["leased_until"]) for row in rows} == {
        now.id: (-DAY, NOW + MINUTE), then.id: (0, 0), timer.id: (DAY, 0), past.id: (0, 0),
    }  # fmt: skip
    assert await promises.set_back(tx, NOW, 2 * 60 * MINUTE, MINUTE) == 0
