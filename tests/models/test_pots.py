"""Raffles and contests, their seats and votes, and the points in escrow for them."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models import ledger
from models.ids import Ids
from models.ledger import Entry
from models.pots import (
    Pot,
    Scored,
    Seat,
    add,
    close,
    last_seat,
    open_pots,
    pot,
    scores,
    seat,
    seats_of,
    seats_taken,
    sit,
    stand_up,
    vote,
)
from models.proof import prove
from models.spans import DAY
from models.standings import settle
from models.stays import mark_left
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import arrive

RAFFLE = Pot(
    community_id=HOME,
    number=1,
    kind="raffle",
    title="A mug",
    prize="thing",
    amount=10,
    winners=1,
    seats=50,
    per_member=2,
    seed="5eed",
    owner_id=7,
    place_id=3,
    opened_at=NOW,
    ends_at=NOW + 1000,
)
CONTEST = replace(RAFFLE, number=2, kind="contest", prize="new", seed=None, ends_at=NOW + 500)
SEAT = Seat(HOME, 1, 1, 7, NOW)


async def test_pots_are_read_as_they_were_opened(tx: Tx) -> None:
    """Every field; the one that ends first is listed first, and each kind is listed alone."""
    for each in (RAFFLE, CONTEST, replace(RAFFLE, number=3, ends_at=NOW + 1), replace(RAFFLE, community_id=AWAY)):
        await add(tx, each)

    assert await pot(tx, HOME, 1) == RAFFLE
    assert await pot(tx, HOME, 9) is None
    assert [each.number for each in await open_pots(tx, HOME, "raffle", 9)] == [3, 1]
    assert await open_pots(tx, HOME, "contest", 9) == [CONTEST]
    assert RAFFLE.subject == "raffle:1"


async def test_a_pot_is_closed_once(tx: Tx) -> None:
    """With its outcome; from then on it is not open."""
    await add(tx, RAFFLE)

    assert await close(tx, HOME, 1, "won", NOW)
    assert not await close(tx, HOME, 1, "cancelled", NOW)
    assert await pot(tx, HOME, 1) == replace(RAFFLE, closed_at=NOW, outcome="won")
    assert await open_pots(tx, HOME, "raffle", 9) == []


async def test_seats_are_taken(tx: Tx) -> None:
    """In order; a member who has left has no seat at the draw."""
    for number in (7, 8):
        await arrive(tx, HOME, number, f"m{number}")
    assert await last_seat(tx, HOME, 1) == 0

    await sit(tx, [SEAT, SEAT._replace(number=2, member_id=8), SEAT._replace(number=3)])

    assert await last_seat(tx, HOME, 1) == 3
    assert await seat(tx, HOME, 1, 1) == SEAT
    assert [each.number for each in await seats_of(tx, HOME, 1, 7)] == [1, 3]
    await mark_left(tx, [(HOME, 8, NOW)])
    assert [each.number for each in await seats_taken(tx, HOME, 1)] == [1, 3]


async def test_votes_are_counted(tx: Tx) -> None:
    """One for each member, who may change it; none for or from members who have left."""
    for number in (7, 8, 9, 10):
        await arrive(tx, HOME, number, f"m{number}")
    ours, theirs = SEAT._replace(text="a poem"), SEAT._replace(number=2, member_id=8, text="a song")
    await sit(tx, [ours, theirs])

    for member, chosen in ((9, 1), (10, 1), (7, 2), (9, 2)):
        await vote(tx, HOME, 1, member, chosen, NOW)

    assert await scores(tx, HOME, 1) == [Scored(ours, 1), Scored(theirs, 2)]
    await mark_left(tx, [(HOME, 9, NOW)])
    assert await scores(tx, HOME, 1) == [Scored(ours, 1), Scored(theirs, 1)]
    await mark_left(tx, [(HOME, 8, NOW)])
    assert await scores(tx, HOME, 1) == [Scored(ours, 1)]


async def test_what_was_handed_in_is_taken_back(tx: Tx) -> None:
    """With its votes; nobody else gets its number, and its member may submit again."""
    for number in (7, 8):
        await arrive(tx, HOME, number, f"m{number}")
    await sit(tx, [SEAT._replace(text="a poem")])
    await vote(tx, HOME, 1, 8, 1, NOW)

    await stand_up(tx, HOME, 1, 1)

    assert await scores(tx, HOME, 1) == []
    assert await last_seat(tx, HOME, 1) == 1
    await sit(tx, [SEAT._replace(text="a song")])
    assert await scores(tx, HOME, 1) == [Scored(SEAT._replace(text="a song"), 0)]


async def test_escrow_is_empty_when_a_pot_is_closed(tx: Tx) -> None:
    """Until then it may have points; afterwards any rest in it is a fault, and so are points never put in."""
    ids = Ids(1)
    stake = Entry(
        community_id=HOME,
        at=NOW,
        day=NOW // DAY,
        member_id=7,
        kind="stake",
        amount=-10,
        counts=False,
        reason="raffle",
        cause="discord:1",
        subject="raffle:1",
    )
    await add(tx, RAFFLE)
    (first, second) = await ledger.write(tx, [stake, stake._replace(member_id=8)], ids)
    await settle(tx, HOME)
    assert await prove(tx, HOME) == []
    assert await ledger.staked(tx, HOME, "raffle:1") == [first, second]

    await close(tx, HOME, 1, "won", NOW)
    (fault,) = await prove(tx, HOME)
    assert (fault.what, fault.key, fault.expected, fault.found) == ("escrow", "raffle:1", 0, 20)

    await ledger.reverse(tx, [first], "draw", NOW, NOW // DAY, None, "raffle_back", ids)
    await ledger.write(tx, [stake._replace(kind="release", amount=10, reason="raffle_won", cause="draw")], ids)
    await settle(tx, HOME)
    assert await ledger.staked(tx, HOME, "raffle:1") == [second]
    assert await prove(tx, HOME) == []


@pytest.mark.parametrize(
    "bad",
    [
        replace(RAFFLE, kind="lottery"),
        replace(RAFFLE, title="x" * 101),
        replace(RAFFLE, prize="gold"),
        replace(RAFFLE, amount=0),
        replace(RAFFLE, amount=1_000_001),
        replace(RAFFLE, winners=0),
        replace(RAFFLE, winners=21),
        replace(RAFFLE, seats=100_001),
        replace(RAFFLE, per_member=101),
        replace(RAFFLE, closed_at=NOW),
        replace(RAFFLE, outcome="won"),
        SEAT._replace(number=0),
        SEAT._replace(text=""),
        SEAT._replace(text="x" * 1001),
    ],
)
async def test_nonsense_is_refused(store: Store, bad: Pot | Seat) -> None:
    """The tables themselves refuse it, even if the caller forgot to check."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with store.write() as tx:
            await (add(tx, bad) if isinstance(bad, Pot) else sit(tx, [bad]))
