"""What members give, thank and bring each other, summed for the limits of fairness."""

from models.giving import brought, gifts, received, thanked
from models.ids import Ids
from models.ledger import reverse, write
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_ledger import DAY, HELLO


async def test_what_was_given_on_a_day(tx: Tx, ids: Ids) -> None:
    """Summed by receiver; not what came back or was received, nor another day or reason.

    A day begins fourteen hours sooner in the Line Islands than in Greenwich.
    """
    start = DAY * 86_400_000
    tip = HELLO._replace(at=start, kind="transfer", counts=False, reason="tip", amount=-4, other_id=8)
    given = [
        tip._replace(cause="a"),
        tip._replace(cause="b"),
        tip._replace(cause="c", other_id=9),
        tip._replace(cause="d", other_id=9),
        tip._replace(cause="e", amount=4),
        tip._replace(cause="f", reason="prize"),
        tip._replace(cause="g", at=start - 1, day=DAY - 1),
        tip._replace(cause="h", at=start - 14 * 3_600_000, other_id=6),
    ]
    written = await write(tx, sorted(given, key=lambda each: each.at), ids)
    back = [each for each in written if each.cause == "d"]
    await reverse(tx, back, "undo", start, DAY, 5, "undo", ids)

    assert await gifts(tx, HOME, 7, DAY, start - 2, "tip") == ({6: 4, 8: 8, 9: 4}, 16)
    assert await gifts(tx, HOME, 7, DAY, start - 1, "tip") == ({6: 4, 8: 8, 9: 4}, 12)
    assert await gifts(tx, HOME, 8, DAY, start - 2, "tip") == ({}, 0)
    assert await received(tx, HOME, 7, DAY, "tip") == 4
    assert await received(tx, HOME, 7, DAY - 1, "tip") == 0


async def test_whom_a_member_thanked(tx: Tx, ids: Ids) -> None:
    """Since a moment; not thanks taken back, not thanks received, and nothing else they did for others."""
    given = HELLO._replace(reason="thanks", other_id=8)
    written = await write(
        tx,
        [
            given._replace(cause="a", at=NOW - 2),
            given._replace(cause="b", at=NOW - 1),
            given._replace(cause="c", at=NOW - 1, member_id=9),
            given._replace(cause="d", at=NOW, member_id=8, other_id=7),
            given._replace(cause="e", at=NOW, reason="reaction"),
            given._replace(cause="f", at=NOW),
        ],
        ids,
    )
    await reverse(tx, written[1:2], "gone", NOW, DAY, None, "deleted", ids)

    assert await thanked(tx, HOME, 8, NOW - 1) == [(9, NOW - 1, DAY), (7, NOW, DAY)]
    assert await thanked(tx, AWAY, 8, NOW - 1) == []


async def test_what_a_member_brought_others(tx: Tx, ids: Ids) -> None:
    """By what they asked, voted for and accepted that day; not by thanks, not what was taken back, nor another day."""
    accepted = HELLO._replace(reason="accepted", amount=15, other_id=8)
    written = await write(
        tx,
        [
            accepted._replace(cause="a", at=NOW - 1, day=DAY - 1),
            accepted._replace(cause="b"),
            accepted._replace(cause="c", reason="voted", amount=5),
            accepted._replace(cause="d", member_id=9, reason="answered", amount=2),
            accepted._replace(cause="e", reason="thanks"),
            accepted._replace(cause="f", other_id=9),
            accepted._replace(cause="g", member_id=9),
        ],
        ids,
    )
    await reverse(tx, written[-1:], "gone", NOW, DAY, None, "unaccepted", ids)

    assert sorted(await brought(tx, HOME, DAY, 8)) == [(8, 7, 20), (8, 9, 2)]
    assert await brought(tx, AWAY, DAY, 8) == []
