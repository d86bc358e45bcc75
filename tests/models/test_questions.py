"""Questions, answers and votes."""

import sqlite3
from dataclasses import replace

import asyncpg
import pytest

from models import questions
from models.communities import create_places, move_place
from models.numbers import next_number
from models.questions import Answer, Pace, Question, Standing
from models.store import Store, Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive

WHY = Question(
    community_id=HOME,
    number=3,
    id=3000,
    asker_id=7,
    place_id=GROUP.id,
    title="Why does 茶 cool?",
    body="It was hot.",
    tags="tea physics",
    asked_at=NOW,
    state="open",
)
BECAUSE = Answer(community_id=HOME, number=4, question=3, author_id=8, body="Entropy.", answered_at=NOW + 1)


async def test_questions_are_read_as_they_were_asked(tx: Tx) -> None:
    """Newest first, as long as they are open; those of an asker in every state."""
    solved = replace(WHY, number=5, id=5000, state="solved", tags="")
    again = replace(WHY, number=6, id=6000, state="duplicate", same_as=3)
    draft = replace(WHY, number=7, id=7000, state="draft")
    away = replace(WHY, community_id=AWAY, id=8000)
    await create_places(tx, [GROUP])
    for each in (WHY, solved, again, draft, away):
        await questions.put_question(tx, each)

    assert await questions.question(tx, HOME, 3) == WHY
    assert await questions.question(tx, HOME, 9) is None
    assert await questions.waiting(tx, HOME, 99, 9, ()) == [3]
    assert await questions.waiting(tx, HOME, 3, 9, ()) == []
    assert await questions.asked_by(tx, HOME, 7, 99, 9) == [6, 5, 3]
    assert await questions.latest(tx, HOME, 9, ()) == [5, 3]
    assert await questions.forget_drafts(tx, HOME, NOW + 1) == 1
    assert await questions.question(tx, HOME, 7) is None


@pytest.mark.parametrize(
    ("tag", "found"), [("", [3]), ("tea", [3]), ("physics", [3]), ("te", []), ("tea physics", [3]), ("%", [])]
)
async def test_waiting_questions_are_found_by_their_tags(tx: Tx, tag: str, found: list[int]) -> None:
    """By a whole tag, at any position."""
    await create_places(tx, [GROUP])
    await questions.put_question(tx, WHY)

    assert await questions.waiting(tx, HOME, 99, 9, (), tag) == found


async def test_how_questions_fared(tx: Tx) -> None:
    """The median wait for somebody else's first answer that stands; drafts and deleted ones do not count."""
    await create_places(tx, [GROUP])
    assert await questions.pace(tx, HOME, 0, ()) == Pace(0, 0, 0, None)
    states = ["open", "answered", "solved", "stale", "draft", "deleted", "answered"]
    for number, state in enumerate(states, 10):
        await questions.put_question(tx, replace(WHY, number=number, id=number, state=state))
    await questions.put_question(tx, replace(WHY, number=9, id=9, asked_at=NOW - 1))
    await questions.put_question(tx, replace(WHY, community_id=AWAY, id=99))
    given = [(11, 8, 5, None), (11, 8, 3, 1), (11, 7, 1, None), (12, 8, 2, None), (12, 9, 9, None), (16, 9, 7, None)]
    for number, (to, by, wait, gone) in enumerate(given, 20):
        await questions.put_answer(
            tx, replace(BECAUSE, number=number, question=to, author_id=by, answered_at=NOW + wait, deleted_at=gone)
        )

    assert await questions.pace(tx, HOME, NOW, ()) == Pace(asked=5, answered=3, solved=1, median=5)
    assert await questions.count_waiting(tx, HOME, ()) == 2


async def test_answers_stand_by_what_members_think(tx: Tx) -> None:
    """The accepted one first, then by votes; one that was taken back is not shown."""
    await questions.put_question(tx, WHY)
    better = replace(BECAUSE, number=5, author_id=9)
    accepted = replace(BECAUSE, number=6, accepted_at=NOW)
    gone = replace(BECAUSE, number=7, deleted_at=NOW)
    for each in (BECAUSE, better, accepted, gone):
        await questions.put_answer(tx, each)
    for member, worth in ((1, 1), (2, 1), (3, -1), (3, -1), (4, 1), (4, 0)):
        await questions.put_vote(tx, HOME, 5, member, worth, NOW)

    assert await questions.answers_of(tx, HOME, 3) == [
        Standing(accepted, 0), Standing(better, 1), Standing(BECAUSE, 0)
    ]  # fmt: skip
    assert [await questions.vote(tx, HOME, 5, member) for member in (1, 3, 4)] == [1, -1, 0]
    assert await questions.score(tx, HOME, 5) == 1
    assert await questions.answer(tx, HOME, 7) == gone
    (shown,) = await questions.shown(tx, HOME, [3, 3, 8])
    assert shown == (WHY, 3, 1)


async def test_a_change_takes_the_place_of_what_was(tx: Tx) -> None:
    """For a question and an answer; the asker and the author stay."""
    await questions.put_question(tx, WHY)
    await questions.put_answer(tx, BECAUSE)

    await questions.put_question(tx, replace(WHY, title="Why?", state="solved"))
    await questions.put_answer(tx, replace(BECAUSE, body="Heat flows.", accepted_at=NOW))

    assert await questions.shown(tx, HOME, [3]) == [(replace(WHY, title="Why?", state="solved"), 1, 0)]
    assert await questions.answer(tx, HOME, 4) == replace(BECAUSE, body="Heat flows.", accepted_at=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WHY, title=""),
        replace(WHY, title="x" * 201),
        replace(WHY, body="x" * 4097),
        replace(WHY, state="odd"),
        replace(WHY, state="duplicate"),
        replace(WHY, same_as=4),
    ],
)
async def test_what_cannot_be_is_not_kept(store: Store, wrong: Question) -> None:
    """The tables refuse it themselves."""
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with store.write() as tx:
            await questions.put_question(tx, wrong)


async def test_questions_come_home(tx: Tx) -> None:
    """From a community founded by mistake, with their people, under numbers that continue ours."""
    stray = replace(SUPERGROUP, community_id=AWAY)
    await create_places(tx, [GROUP, stray])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    for community, count in ((HOME, 10), (AWAY, 4)):
        for _ in range(count):
            await next_number(tx, community)
    lost = replace(WHY, community_id=AWAY, asker_id=51, place_id=stray.id, state="duplicate", same_as=2)
    await questions.put_question(tx, lost)
    await questions.put_answer(tx, replace(BECAUSE, community_id=AWAY, author_id=51))
    await questions.put_vote(tx, AWAY, 4, 51, 1, NOW)

    await move_place(tx, "telegram", "-5", "-100")

    home = replace(lost, community_id=HOME, number=13, asker_id=1, place_id=GROUP.id, same_as=12)
    assert await questions.question(tx, HOME, 13) == home
    answer = replace(BECAUSE, number=14, question=13, author_id=1)
    assert await questions.answers_of(tx, HOME, 13) == [Standing(answer, 1)]
    assert await questions.vote(tx, HOME, 14, 1) == 1
