"""Badges and their owners, as they are stored."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models import activity, badges, questions, streaks
from models.badges import Award, Badge, Deeds, Round
from models.communities import create_places, move_place
from models.levels import found
from models.members import create_members
from models.numbers import next_number
from models.questions import Answer
from models.stays import mark_joined, mark_left
from models.store import Store, Tx
from models.streaks import Run
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive
from tests.models.test_members import ANN, ANNS, BOBS
from tests.models.test_members import BOB as ROBOT

DAY = 20_000
BOB = replace(ROBOT, bot=False, left_at=None)
GUIDE = Badge(community_id=HOME, number=1, emoji="🧭", name="Guide", about="shows around", made_at=NOW)
FOUNDER = Award(community_id=HOME, member_id=1, badge="founder", at=NOW)


async def test_a_badge_is_made_and_removed(tx: Tx) -> None:
    """A removed one is not listed, and its number is not given again."""
    other = replace(GUIDE, number=2, name="Cook")
    await badges.put_badge(tx, other)
    await badges.put_badge(tx, GUIDE)
    await badges.put_badge(tx, replace(GUIDE, name="Pilot"))
    assert await badges.badges(tx, HOME, 10) == [replace(GUIDE, name="Pilot"), other]
    assert await badges.badges(tx, HOME, 1) == [replace(GUIDE, name="Pilot")]

    await badges.put_badge(tx, replace(GUIDE, gone_at=NOW))

    assert await badges.badges(tx, HOME, 10) == [other]
    assert await badges.badges(tx, AWAY, 10) == []


async def test_a_badge_is_earned_once(tx: Tx) -> None:
    """A second earning is no news, and changes nothing."""
    later = replace(FOUNDER, at=NOW + 1)
    assert await badges.earn(tx, [FOUNDER, replace(FOUNDER, member_id=2)]) == {(1, "founder"), (2, "founder")}

    assert await badges.earn(tx, [later, replace(later, badge="gift")]) == {(1, "gift")}
    assert await badges.awards(tx, HOME, 1, 1) == [replace(later, badge="gift"), FOUNDER]
    assert len(await badges.awards(tx, HOME, 1, 2)) == 3
    assert await badges.awards(tx, AWAY, 1, 2) == []
    assert await badges.earn(tx, []) == set()


async def test_what_was_taken_is_not_earned_again(tx: Tx) -> None:
    """Only an administrator can give it back."""
    await badges.earn(tx, [FOUNDER])
    assert await badges.take(tx, HOME, 1, "founder", NOW + 1)
    assert not await badges.take(tx, HOME, 1, "founder", NOW + 2)
    assert not await badges.take(tx, HOME, 2, "founder", NOW + 2)

    assert await badges.earn(tx, [FOUNDER]) == set()
    assert await badges.awards(tx, HOME, 1, 1) == [replace(FOUNDER, taken_at=NOW + 1)]

    again = replace(FOUNDER, at=NOW + 3, actor_id=2, why="a mistake")
    assert await badges.give(tx, again)
    assert not await badges.give(tx, replace(again, why="twice"))
    assert await badges.awards(tx, HOME, 1, 1) == [again]


async def test_founders_are_those_we_knew_first(tx: Tx) -> None:
    """Without bots; members who left count."""
    robot = replace(ROBOT, id=0), replace(ANNS, member_id=0, external_id="0")
    await create_members(tx, [(BOB, BOBS), (ANN, ANNS), robot], NOW)
    await mark_left(tx, [(HOME, ANN.id, NOW)])

    assert await badges.founders(tx, HOME, 10) == [1, 2]
    assert await badges.founders(tx, HOME, 1) == [1]
    assert await badges.founders(tx, HOME, 0) == []


async def test_what_members_did_is_added_up(tx: Tx) -> None:
    """Day after day, each day once; the rest is stored elsewhere already."""
    await create_members(tx, [(ANN, ANNS), (BOB, BOBS)], NOW)
    await mark_joined(tx, [(HOME, 1, NOW - 5)])
    kinds = [("message", 5), ("reply", 2), ("reaction_received", 3), ("reaction", 9), ("voice", 90)]
    await activity.count(tx, [(HOME, day, 1, kind, amount) for day in (DAY, DAY + 1) for kind, amount in kinds])
    await streaks.advance(tx, HOME, [(1, Run(3, DAY, NOW, 8))])
    await found(tx, [(HOME, 1, 4, 400, 500)])
    answer = Answer(community_id=HOME, number=1, question=9, author_id=1, body="so", answered_at=NOW)
    for each in (answer, replace(answer, number=2, accepted_at=NOW), replace(answer, number=3, deleted_at=NOW)):
        await questions.put_answer(tx, each)
    assert await badges.first_day(tx, HOME) == DAY
    assert await badges.first_day(tx, AWAY) is None

    await badges.add_up(tx, HOME, DAY - 1, DAY)
    await badges.add_up(tx, HOME, DAY, DAY + 7)

    ann = Deeds(member_id=1, joined_at=NOW - 5, streak=8, level=4, messages=14, reactions=6, answers=2, accepted=1)
    nothing = {"streak": 0, "level": 0, "messages": 0, "reactions": 0, "answers": 0, "accepted": 0}
    assert await badges.deeds(tx, HOME, 0, 99, 10) == [ann, Deeds(member_id=2, joined_at=BOB.joined_at, **nothing)]
    assert await badges.deeds(tx, HOME, 0, 99, 1) == [ann]
    await mark_left(tx, [(HOME, 1, NOW)])
    assert [each.member_id for each in await badges.deeds(tx, HOME, 1, 99, 10)] == [2]
    assert await badges.deeds(tx, HOME, 1, 1, 10) == []


async def test_a_round_is_remembered(tx: Tx) -> None:
    """With its progress."""
    assert await badges.round_(tx, HOME) is None
    for state in (Round(DAY, 0, told=False), Round(DAY + 1, 77, told=True)):
        await badges.keep_round(tx, HOME, state)
        assert await badges.round_(tx, HOME) == state
    assert await badges.round_(tx, AWAY) is None


@pytest.mark.parametrize(
    "bad",
    [replace(GUIDE, number=0), replace(GUIDE, name=""), replace(GUIDE, name="x" * 41), replace(GUIDE, about=""),
     replace(GUIDE, emoji="🧭" * 17), replace(FOUNDER, badge=""), replace(FOUNDER, why="x" * 201)],
)  # fmt: skip
async def test_nonsense_is_refused(store: Store, bad: Badge | Award) -> None:
    """The table itself refuses it, even if the caller forgot to check."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        async with store.write() as tx:
            await (badges.put_badge(tx, bad) if isinstance(bad, Badge) else badges.earn(tx, [bad]))


async def test_badges_come_home_with_a_community_founded_by_mistake(tx: Tx) -> None:
    """Made ones get new numbers; a member who has one in both has it once, and the sums are added up again."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    for community, member, name in [(HOME, 1, "ann"), (HOME, 2, "bob"), (AWAY, 51, "ann"), (AWAY, 53, "cat")]:
        await arrive(tx, community, member, name)
    for community in (HOME, HOME, AWAY):
        await next_number(tx, community)
    await badges.put_badge(tx, GUIDE)
    await badges.put_badge(tx, replace(GUIDE, community_id=AWAY, name="Cook"))
    await badges.earn(tx, [FOUNDER, replace(FOUNDER, badge="made:1")])
    theirs = replace(FOUNDER, community_id=AWAY, at=NOW + 1, actor_id=51)
    cats = replace(theirs, member_id=53, badge="made:1", why="soup", taken_at=NOW)
    await badges.earn(tx, [replace(theirs, member_id=51), cats])
    for community in (HOME, AWAY):
        await badges.add_up(tx, community, 0, DAY)
        await badges.keep_round(tx, community, Round(DAY, 0, told=True))

    await move_place(tx, "telegram", "-5", "-100")

    assert [(each.number, each.name) for each in await badges.badges(tx, HOME, 10)] == [(1, "Guide"), (3, "Cook")]
    assert await badges.awards(tx, HOME, 0, 99) == [
        replace(cats, community_id=HOME, badge="made:3", actor_id=1),
        FOUNDER,
        replace(FOUNDER, badge="made:1"),
    ]
    assert [await badges.round_(tx, each) for each in (HOME, AWAY)] == [None, None]
    assert await badges.awards(tx, AWAY, 0, 99) == []
