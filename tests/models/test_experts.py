"""Which members want to be asked, and what became of their answers."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models import experts, ladder, questions
from models.communities import create_places, move_place
from models.experts import Deed, Helper
from models.ladder import Claim, Step
from models.numbers import next_number
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive
from tests.models.test_questions import BECAUSE, WHY

BOB = Helper(community_id=HOME, member_id=8, tags="tea", daily=3, quiet_from=22, quiet_until=8)


async def test_helpers_change_their_mind(tx: Tx) -> None:
    """They have their latest wishes, in each community alone, until they switch it off."""
    await experts.put_helper(tx, BOB)
    await experts.put_helper(tx, replace(BOB, tags="", daily=5, unreachable_at=NOW))

    assert await experts.helper(tx, HOME, 8) == replace(BOB, tags="", daily=5, unreachable_at=NOW)
    assert await experts.helper(tx, AWAY, 8) is None
    assert [await experts.forget_helper(tx, HOME, 8) for _ in range(2)] == [True, False]
    assert await experts.helper(tx, HOME, 8) is None


@pytest.mark.parametrize(
    "wrong",
    [
        replace(BOB, daily=0),
        replace(BOB, daily=21),
        replace(BOB, quiet_from=24),
        replace(BOB, quiet_until=-1),
        replace(BOB, tags="x" * 201),
    ],
)
async def test_what_cannot_be_is_not_kept(store: Store, wrong: Helper) -> None:
    """The table refuses it itself."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with store.write() as tx:
            await experts.put_helper(tx, wrong)


async def test_deeds_are_answers_to_others(tx: Tx) -> None:
    """With their acceptance and votes; neither answers to oneself nor withdrawn ones."""
    other = replace(WHY, number=5, id=5000, title="Which tea?", tags="")
    for asked in (WHY, other):
        await questions.put_question(tx, asked)
    accepted = replace(BECAUSE, number=6, question=5, accepted_at=NOW + 9, answered_at=NOW + 2)
    own = replace(BECAUSE, number=7, author_id=WHY.asker_id)
    gone = replace(BECAUSE, number=8, deleted_at=NOW)
    elsewhere = replace(BECAUSE, community_id=AWAY, number=9)
    for answer in (BECAUSE, accepted, own, gone, elsewhere):
        await questions.put_answer(tx, answer)
    for member in (1, 2):
        await questions.put_vote(tx, HOME, BECAUSE.number, member, 1, NOW)

    first = Deed(8, WHY.title, WHY.tags, NOW + 1, False, 2)
    second = Deed(8, "Which tea?", "", NOW + 2, True, 0)
    assert await experts.deeds_of(tx, HOME, 8, 9) == [second, first]
    assert await experts.deeds_of(tx, HOME, 8, 1) == [second]
    assert await experts.deeds_of(tx, HOME, WHY.asker_id, 9) == []
    assert await experts.deeds_on(tx, HOME, [3, 5, 5, 99]) == [first, second]
    assert await experts.deeds_on(tx, HOME, []) == []


async def test_who_can_be_asked(tx: Tx) -> None:
    """With the last time they were asked; no asker, bot, leaver, unreachable member, or one already asked."""
    await arrive(tx, HOME, 1, "ann")
    for number, name in ((2, "bob"), (3, "cat"), (4, "dan"), (5, "robot"), (6, "gone")):
        await arrive(tx, HOME, number, name)
    await tx.run("UPDATE member SET bot = TRUE WHERE id = 5")
    await tx.run("UPDATE member SET left_at = 1 WHERE id = 6")
    for number in range(1, 7):
        await experts.put_helper(tx, replace(BOB, member_id=number))
    await experts.asked(tx, HOME, 3, 2, 77, NOW)
    await experts.asked(tx, HOME, 9, 3, 78, NOW + 5)
    await experts.close_helper(tx, HOME, 4, NOW)

    assert await experts.askable(tx, HOME, 3, 1) == [(replace(BOB, member_id=3), NOW + 5)]
    assert [helper.member_id for helper, _ in await experts.askable(tx, HOME, 8, 3)] == [1, 2]
    assert await experts.askable(tx, AWAY, 3, 1) == []
    assert [await experts.was_asked(tx, HOME, 3, member) for member in (2, 3)] == [True, False]
    assert await experts.asked_by(tx, HOME, 78) == (9, 3)
    assert await experts.asked_by(tx, HOME, 79) is None
    assert await experts.asks_since(tx, HOME, [2, 3, 3, 4], NOW) == [(3, NOW + 5)]


async def test_one_is_on_a_question_at_a_time(tx: Tx) -> None:
    """Until it ends, or is given back."""
    await ladder.put_claim(tx, HOME, Claim(3, 8, NOW + 5))
    await ladder.put_claim(tx, HOME, Claim(3, 9, NOW + 9))

    assert await ladder.claim(tx, HOME, 3, NOW + 8) == Claim(3, 9, NOW + 9)
    assert await ladder.claim(tx, HOME, 3, NOW + 9) is None
    assert await ladder.claim(tx, AWAY, 3, NOW) is None
    await ladder.forget_claim(tx, HOME, 3)
    assert await ladder.claim(tx, HOME, 3, NOW) is None


async def test_one_step_comes_next(tx: Tx) -> None:
    """It replaces the one before; late steps are found, the most overdue first."""
    await ladder.put_step(tx, HOME, Step(3, "helpers", NOW))
    await ladder.put_step(tx, HOME, Step(3, "call", NOW + 5))
    await ladder.put_step(tx, HOME, Step(4, "bounty", NOW + 2))

    assert await ladder.step(tx, HOME, 3) == Step(3, "call", NOW + 5)
    assert await ladder.overdue(tx, HOME, NOW + 6, 9) == [Step(4, "bounty", NOW + 2), Step(3, "call", NOW + 5)]
    assert await ladder.overdue(tx, HOME, NOW + 5, 9) == [Step(4, "bounty", NOW + 2)]
    await ladder.forget_step(tx, HOME, 3)
    assert await ladder.step(tx, HOME, 3) is None


async def test_helpers_come_home(tx: Tx) -> None:
    """From a community founded by mistake; a helper in both keeps the earlier wishes."""
    await create_places(tx, [GROUP, replace(SUPERGROUP, community_id=AWAY)])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    await arrive(tx, AWAY, 52, "bob")
    await next_number(tx, HOME)
    await ladder.put_claim(tx, AWAY, Claim(3, 51, NOW + 5))
    await ladder.put_step(tx, AWAY, Step(3, "call", NOW))
    await experts.asked(tx, AWAY, 3, 52, 77, NOW)
    for helper in (
        replace(BOB, member_id=1, daily=9),
        replace(BOB, community_id=AWAY, member_id=51),
        replace(BOB, community_id=AWAY, member_id=52),
    ):
        await experts.put_helper(tx, helper)

    await move_place(tx, "telegram", "-5", "-100")

    assert await experts.helper(tx, HOME, 1) == replace(BOB, member_id=1, daily=9)
    assert await experts.helper(tx, HOME, 52) == replace(BOB, member_id=52)
    assert await experts.helper(tx, AWAY, 52) is None
    assert await ladder.claim(tx, HOME, 4, NOW) == Claim(4, 1, NOW + 5)
    assert await ladder.step(tx, HOME, 4) == Step(4, "call", NOW)
    assert await experts.asked_by(tx, HOME, 77) is None
