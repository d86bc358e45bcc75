"""Facts, their daily counts, and watermarks."""

import sqlite3

import asyncpg
import pytest

from models.activity import (
    Fact,
    Mismatch,
    count,
    facts,
    prove_counts,
    prune,
    raise_watermarks,
    record,
    retract,
    revive,
    took_part,
    watermarks,
)
from models.communities import Place, create_places, lost_place
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW

DAY = 20_000
KINDS = ("message", "reaction", "voice")
HELLO = Fact(community_id=HOME, cause="discord:msg:1", at=NOW, day=DAY, kind="message", member_id=7, place_id=3)
THANKS = HELLO._replace(cause="discord:react:1", kind="reaction", target_id=8, amount=2)


async def authors(tx: Tx, community: int, causes: list[str]) -> dict[str, int | None]:
    return {fact.cause: fact.member_id for fact in await facts(tx, community, causes) if fact.member_id}


async def total(tx: Tx) -> int:
    row = await tx.one("SELECT COUNT(*) AS facts FROM activity")
    return row["facts"] if row else 0


async def test_a_fact_is_recorded_once(tx: Tx) -> None:
    """Only new facts are reported, and a repetition changes nothing."""
    assert await record(tx, [HELLO, THANKS]) == {"discord:msg:1", "discord:react:1"}
    assert await record(tx, [HELLO._replace(member_id=99), HELLO._replace(cause="discord:msg:2")]) == {"discord:msg:2"}

    assert await authors(tx, HOME, ["discord:msg:1"]) == {"discord:msg:1": 7}
    assert await total(tx) == 3


async def test_who_took_part_is_told_by_day_and_kind(tx: Tx) -> None:
    """A sum of zero, another day, another kind or another community does not count."""
    await count(tx, [(HOME, DAY, 7, "message", 1), (HOME, DAY - 1, 8, "reaction", 1), (AWAY, DAY, 9, "message", 1)])
    await count(tx, [(HOME, DAY, 7, "message", -1), (HOME, DAY, 6, "message", 2)])

    assert await took_part(tx, HOME, [DAY - 1, DAY], [6, 7, 8, 9], ["message", "reaction"]) == {6, 8}
    assert await took_part(tx, HOME, [DAY], [6, 7, 8, 9], ["message", "reaction"]) == {6}
    assert await took_part(tx, HOME, [DAY - 1, DAY], [8], ["message"]) == set()


async def test_the_same_cause_in_two_communities_is_two_facts(tx: Tx) -> None:
    """Communities know nothing of one another."""
    await record(tx, [HELLO])

    assert await record(tx, [HELLO._replace(community_id=AWAY)]) == {HELLO.cause}


async def test_a_fact_is_retracted_once(tx: Tx) -> None:
    """The caller gets back the facts that stood until then, whole."""
    await record(tx, [HELLO, THANKS])

    assert await retract(tx, HOME, [THANKS.cause, "discord:msg:404"], NOW + 1) == [THANKS]
    assert await retract(tx, HOME, [THANKS.cause], NOW + 2) == []
    assert await retract(tx, AWAY, [HELLO.cause], NOW + 2) == []


async def test_a_retracted_fact_stays_absorbed(tx: Tx) -> None:
    """A message deleted and then delivered again does not come back to life."""
    await record(tx, [HELLO])
    await retract(tx, HOME, [HELLO.cause], NOW + 1)

    assert await record(tx, [HELLO]) == set()
    assert await authors(tx, HOME, [HELLO.cause]) == {HELLO.cause: 7}


async def test_a_reaction_may_come_back(tx: Tx) -> None:
    """`revive` records what is new, brings back retracted reactions with their new data, and leaves the rest."""
    later = THANKS._replace(at=NOW + 5, day=DAY + 1, amount=3)

    assert await revive(tx, [THANKS]) == {THANKS.cause}
    assert await revive(tx, [later]) == set()
    await retract(tx, HOME, [THANKS.cause], NOW + 1)
    assert await revive(tx, [later]) == {THANKS.cause}
    assert await retract(tx, HOME, [THANKS.cause], NOW + 6) == [later]


async def test_a_fact_without_an_author_has_none(tx: Tx) -> None:
    """A fact without an author has no member."""
    await record(tx, [HELLO._replace(member_id=None)])

    assert await authors(tx, HOME, [HELLO.cause, "discord:msg:404"]) == {}


async def test_counts_add_up(tx: Tx) -> None:
    """Amounts are added to the day's count of that member and kind, and subtracted from it."""
    await count(tx, [(HOME, DAY, 7, "message", 3), (HOME, DAY, 8, "message", 1), (AWAY, DAY, 7, "message", 9)])
    await count(tx, [(HOME, DAY, 7, "message", 2), (HOME, DAY, 8, "message", -1), (HOME, DAY, 7, "voice", 0)])

    rows = await tx.all(
        "SELECT member_id, kind, amount FROM activity_day WHERE community_id = :home ORDER BY member_id", home=HOME
    )
    assert [(row["member_id"], row["kind"], row["amount"]) for row in rows] == [(7, "message", 5), (8, "message", 0)]


async def test_a_count_never_falls_below_zero(tx: Tx) -> None:
    """To take away more than there was is an error, not a negative count."""
    await count(tx, [(HOME, DAY, 7, "message", 1)])

    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with tx.savepoint():
            await count(tx, [(HOME, DAY, 7, "message", -2)])


async def test_counts_are_proven_by_their_facts(tx: Tx) -> None:
    """A difference between the counts and the facts is found, in either direction."""
    await record(tx, [HELLO, HELLO._replace(cause="discord:msg:2"), THANKS, HELLO._replace(cause="x", member_id=None)])
    await retract(tx, HOME, ["discord:msg:2"], NOW)
    await count(tx, [(HOME, DAY, 7, "message", 1), (HOME, DAY, 7, "reaction", 2)])
    assert await prove_counts(tx, HOME, DAY, KINDS) == []

    await count(tx, [(HOME, DAY, 7, "message", 4), (HOME, DAY, 7, "reaction", -2), (HOME, DAY, 9, "voice", 1)])

    assert await prove_counts(tx, HOME, DAY, KINDS) == [
        Mismatch(member_id=7, kind="message", counted=5, found=1),
        Mismatch(member_id=7, kind="reaction", counted=0, found=2),
        Mismatch(member_id=9, kind="voice", counted=1, found=0),
    ]


async def test_what_is_received_is_proven(tx: Tx) -> None:
    """What others did to a member counts for them; what they did to themselves, or what is not counted, does not."""
    facts = [HELLO._replace(cause=f"reply {who}", kind="reply", member_id=who, target_id=9) for who in (7, 8, 9, None)]
    await record(tx, [*facts, HELLO._replace(cause="asked", kind="command")])
    await count(tx, [(HOME, DAY, who, "reply", 1) for who in (7, 8, 9)])
    await count(tx, [(HOME, DAY, 9, "reply_received", 2)])

    assert await prove_counts(tx, HOME, DAY, ["reply"], ["reply"]) == [
        Mismatch(member_id=9, kind="reply_received", counted=2, found=3)
    ]


async def test_old_facts_are_forgotten_a_few_at_a_time(tx: Tx) -> None:
    """Pruning takes the oldest first, no more than asked, and nothing of others or of later days."""
    await record(tx, [HELLO._replace(cause=f"old {day}", day=day) for day in range(5)])
    await record(tx, [HELLO, HELLO._replace(community_id=AWAY, day=1)])

    assert await prune(tx, HOME, DAY, 2) == 2
    assert set(await authors(tx, HOME, [f"old {day}" for day in range(5)])) == {"old 2", "old 3", "old 4"}
    assert await prune(tx, HOME, DAY, 10) == 3
    assert await prune(tx, HOME, DAY, 10) == 0
    assert await total(tx) == 2


async def test_a_watermark_only_rises(tx: Tx) -> None:
    """The highest absorbed number of each existing place is found by its external id."""
    places = [
        Place(
            community_id=HOME, id=at, platform=platform, external_id=f"c{at}", parent_id=None, kind="channel", name=""
        )
        for at, platform in ((1, "discord"), (2, "discord"), (3, "telegram"), (4, "discord"))
    ]
    await create_places(tx, places)
    await lost_place(tx, "discord", "c4", NOW)

    await raise_watermarks(tx, [(HOME, at, 100, NOW) for at in (1, 2, 3, 4)])
    await raise_watermarks(tx, [(HOME, 1, 99, NOW), (HOME, 2, 1 << 62, NOW)])

    assert await watermarks(tx, "discord") == [("c1", 100), ("c2", 1 << 62)]
