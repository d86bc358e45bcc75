"""Cases, their reporters, and the reviewers."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models import reviews
from models.communities import create_places, move_place
from models.reviews import Case, Record, Report
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive

CASE = Case(community_id=HOME, number=1, answer=9, author_id=2, opened_at=NOW)


async def test_a_case_is_kept(tx: Tx) -> None:
    """When it is new, and in later states; the undecided case of a thing is found by that thing."""
    await reviews.put_case(tx, CASE)
    assert await reviews.case(tx, HOME, 1) == CASE
    assert await reviews.undecided(tx, replace(CASE, number=0)) == CASE
    assert await reviews.undecided(tx, replace(CASE, number=0, answer=None, question=9)) is None

    decided = replace(CASE, verdict="warn", decided_by=3, decided_at=NOW, why="Please be kind.")
    await reviews.put_case(tx, decided)
    assert await reviews.case(tx, HOME, 1) == decided
    assert await reviews.undecided(tx, CASE) is None


async def test_what_waits(tx: Tx) -> None:
    """Undecided or appealed cases, the oldest first."""
    decided = replace(CASE, verdict="remove", decided_by=3, decided_at=NOW)
    objected = replace(decided, number=3, appeal="No!", appealed_at=NOW)
    cases = [
        replace(CASE, number=4, answer=8),
        decided,
        replace(objected, number=2, outcome="upheld", settled_by=4, settled_at=NOW),
        objected,
        replace(CASE, community_id=AWAY),
    ]
    for each in cases:
        await reviews.put_case(tx, each)

    assert [each.number for each in await reviews.waiting(tx, HOME, 10)] == [3, 4]
    assert [each.number for each in await reviews.waiting(tx, HOME, 1)] == [3]
    assert await reviews.decided_of(tx, HOME, 2) == 3


async def test_who_reported(tx: Tx) -> None:
    """Each reporter once, with their last words; and how often they were right."""
    await reviews.put_case(tx, CASE)
    await reviews.put_report(tx, Report(HOME, 1, 7, "spam", "", NOW))
    await reviews.put_report(tx, Report(HOME, 1, 8, "rude", "", NOW + 1))
    await reviews.put_report(tx, Report(HOME, 1, 7, "wrong", "It is false.", NOW + 2))

    assert [each[2:] for each in await reviews.reports(tx, HOME, 1)] == [
        (7, "wrong", "It is false.", NOW),
        (8, "rude", "", NOW + 1),
    ]
    assert await reviews.reported_since(tx, HOME, 7, NOW) == 1
    assert await reviews.reported_since(tx, HOME, 7, NOW + 1) == 0
    assert await reviews.record_of(tx, HOME, 7) == Record(0, 0)
    for number, verdict, outcome in ((1, "remove", None), (2, "keep", None), (3, "remove", "overturned")):
        appeal = "No!" if outcome else None
        decided = replace(CASE, number=number, verdict=verdict, decided_by=3, decided_at=NOW, appeal=appeal)
        at = NOW if outcome else None
        await reviews.put_case(tx, replace(decided, appealed_at=at, outcome=outcome, settled_at=at))
        await reviews.put_report(tx, Report(HOME, number, 7, "spam", "", NOW))
    assert await reviews.record_of(tx, HOME, 7) == Record(3, 1)


async def test_reviewers(tx: Tx) -> None:
    """Named once, and removed."""
    assert await reviews.add_reviewer(tx, HOME, 7)
    assert not await reviews.add_reviewer(tx, HOME, 7)
    assert await reviews.reviewers(tx, HOME) == [7]
    assert await reviews.drop_reviewer(tx, HOME, 7)
    assert not await reviews.drop_reviewer(tx, HOME, 7)


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": 3},
        {"answer": None},
        {"verdict": "burn", "decided_at": NOW},
        {"verdict": "keep"},
        {"appeal": "No!", "appealed_at": NOW},
        {"outcome": "upheld", "settled_at": NOW},
    ],
)
async def test_a_case_makes_sense(store: Store, wrong: dict[str, object]) -> None:
    """It is about one thing, and impossible decisions are refused."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await reviews.put_case(tx, replace(CASE, **wrong))  # type: ignore[arg-type]


async def test_cases_come_home(tx: Tx) -> None:
    """From a community founded by mistake, with their people, under free numbers."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    await reviews.add_reviewer(tx, HOME, 1)
    await reviews.add_reviewer(tx, AWAY, 51)
    await reviews.put_case(tx, replace(CASE, community_id=AWAY, author_id=51, claimed_by=52, claimed_until=NOW))
    await reviews.put_report(tx, Report(AWAY, 1, 51, "spam", "", NOW))

    await move_place(tx, "telegram", "-5", "-100")

    (found,) = await reviews.waiting(tx, HOME, 10)
    assert (found.author_id, found.claimed_by) == (1, 52)
    assert [each.member_id for each in await reviews.reports(tx, HOME, found.number)] == [1]
    assert await reviews.reviewers(tx, HOME) == [1]
    assert await reviews.waiting(tx, AWAY, 10) == []
