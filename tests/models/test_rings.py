"""The gifts among which rings are found, and what is stored of rings that staff saw."""

import pytest

from models import ledger, rings
from models.ids import Ids
from models.ledger import Entry
from models.members import create_members
from models.rings import Gift, Overlap, Ring, Seen, Share
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_members import ANN, ANNS, BOB, BOBS

DAY = NOW // 86_400_000
THANKS = Entry(
    community_id=HOME, at=NOW, day=DAY, member_id=2, kind="earn", amount=10, counts=True, reason="thanks", cause="c",
    other_id=1,
)  # fmt: skip
RING = Ring(community_id=HOME, number=7, found_at=NOW, amount=90)
SHARES = [Share(1, 50, 60), Share(2, 40, 40)]
GIFTS = [Gift(2, 1, 5, 50, 60), Gift(1, 2, 4, 40, 40)]


async def test_gifts_are_summed_by_giver_and_receiver(tx: Tx) -> None:
    """Gifts, thanks, reactions and votes; only recent ones that were not taken back."""
    ids = Ids()
    reply = THANKS._replace(reason="reply")
    tip = THANKS._replace(kind="transfer", reason="tip", counts=False)
    written = await ledger.write(
        tx,
        [
            THANKS._replace(cause="old", at=NOW - 100, amount=5),
            THANKS._replace(cause="a"),
            THANKS._replace(cause="b", reason="reaction", amount=1),
            THANKS._replace(cause="e", reason="voted", amount=3),
            tip._replace(cause="d"),
            tip._replace(cause="d", member_id=1, other_id=2, amount=-10),
            THANKS._replace(cause="f", member_id=1, other_id=3, amount=4),
            reply._replace(cause="g"),
            THANKS._replace(cause="h", amount=1000),
            THANKS._replace(cause="i", member_id=2, other_id=3, amount=2),
        ],
        ids,
    )
    await ledger.reverse(tx, [each for each in written if each.cause == "h"], "x", NOW, DAY, None, "deleted", ids)
    await ledger.write(tx, [THANKS._replace(community_id=AWAY)], ids)

    least = await rings.gifts(tx, HOME, NOW - 10, 1, 1, 100)
    assert least == [Gift(1, 2, 4, 24, 26), Gift(3, 1, 1, 4, 4), Gift(3, 2, 1, 2, 26)]
    assert await rings.gifts(tx, HOME, NOW - 10, 4, 1, 100) == least[:2]
    assert await rings.gifts(tx, HOME, NOW - 10, 1, 4, 100) == least[:1]
    assert await rings.gifts(tx, HOME, NOW - 10, 1, 1, 2) == least[:2]


async def test_a_ring_is_kept_with_its_evidence(tx: Tx) -> None:
    """The largest gifts first, with the members' present names, and no more than asked for."""
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW)
    await rings.put(tx, RING, SHARES, GIFTS)

    assert await rings.ring(tx, HOME, 7) == RING
    assert await rings.ring(tx, AWAY, 7) is None
    assert await rings.shares(tx, HOME, 7, 9) == [Share(1, 50, 60, "Ann"), Share(2, 40, 40, "Bob")]
    assert await rings.shares(tx, HOME, 7, 1) == [Share(1, 50, 60, "Ann")]
    assert await rings.evidence(tx, HOME, 7, 9) == [Seen("Bob", "Ann", 5, 50), Seen("Ann", "Bob", 4, 40)]
    assert await rings.evidence(tx, HOME, 7, 1) == [Seen("Bob", "Ann", 5, 50)]
    assert await rings.size(tx, HOME, 7) == 2


async def test_a_ring_is_closed_once(tx: Tx) -> None:
    """It is still known; found again, it is open again in its new form."""
    await rings.put(tx, RING, SHARES, GIFTS)
    assert await rings.close(tx, HOME, 7, NOW, 3)
    assert not await rings.close(tx, HOME, 7, NOW, 3)
    assert not await rings.close(tx, AWAY, 7, NOW, 3)
    assert await rings.open_rings(tx, HOME, 9) == []
    assert await rings.sharing(tx, HOME, [1, 2, 3]) == [Overlap(7, 90, 2)]
    assert await rings.sharing(tx, HOME, [3]) == []

    grown = Ring(community_id=HOME, number=7, found_at=NOW + 1, amount=200)
    await rings.put(tx, grown, [*SHARES, Share(3, 110, 110)], GIFTS)

    assert await rings.open_rings(tx, HOME, 9) == [grown]
    assert await rings.sharing(tx, HOME, [1, 3]) == [Overlap(7, 200, 2)]


async def test_those_in_which_most_goes_round_come_first(tx: Tx) -> None:
    """As many as were asked for."""
    for number, amount in ((1, 5), (2, 9), (3, 9)):
        ring = Ring(community_id=HOME, number=number, found_at=NOW, amount=amount)
        await rings.put(tx, ring, SHARES, GIFTS)

    assert [each.number for each in await rings.open_rings(tx, HOME, 2)] == [2, 3]


@pytest.mark.parametrize("size", [1, 3, 5, 7, 300])
async def test_a_ring_of_any_size_is_known_again(tx: Tx, size: int) -> None:
    """However many members it has, all of them are counted together."""
    ring = Ring(community_id=HOME, number=7, found_at=NOW, amount=90)
    await rings.put(tx, ring, [Share(number, 10, 20) for number in range(size)], [])

    assert await rings.sharing(tx, HOME, range(size)) == [Overlap(7, 90, size)]
    assert await rings.sharing(tx, HOME, range(-2, size + 2)) == [Overlap(7, 90, size)]
