"""What may be published, read page by page."""

from dataclasses import replace

from models import consents, publishing, questions
from models.communities import create_places
from models.publishing import Called
from models.questions import Standing
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, arrive
from tests.models.test_questions import BECAUSE, WHY


async def test_answered_questions_come_in_order(tx: Tx) -> None:
    """Page by page, without drafts, open or closed ones, and without other communities."""
    await create_places(tx, [GROUP])
    states = ("solved", "open", "draft", "answered", "closed", "deleted", "solved")
    for number, state in enumerate(states, 1):
        await questions.put_question(tx, replace(WHY, number=number, id=number, state=state))
    await questions.put_question(tx, replace(WHY, community_id=AWAY, number=1, id=99, state="solved"))

    assert [each.number for each in await publishing.answered(tx, HOME, 0, 2, ())] == [1, 4]
    assert [each.number for each in await publishing.answered(tx, HOME, 4, 2, ())] == [7]
    assert await publishing.answered(tx, HOME, 7, 2, ()) == []
    assert await publishing.answered(tx, HOME, 0, 1, ()) == [replace(WHY, number=1, id=1, state="solved")]


async def test_answers_of_many_questions_stand_as_those_of_one(tx: Tx) -> None:
    """The accepted one first, then by votes, without those that were taken back."""
    for number in (3, 9):
        await questions.put_question(tx, replace(WHY, number=number, id=number))
        changed = (
            BECAUSE,
            replace(BECAUSE, author_id=9),
            replace(BECAUSE, accepted_at=NOW),
            replace(BECAUSE, deleted_at=NOW),
        )
        for offset, each in enumerate(changed):
            await questions.put_answer(tx, replace(each, number=number * 10 + offset, question=number))
    await questions.put_vote(tx, HOME, 31, 1, 1, NOW)

    found = await publishing.answers(tx, HOME, [9, 3, 3, 8])

    assert found == {number: await questions.answers_of(tx, HOME, number) for number in (3, 9)}
    assert found[3][1] == Standing(replace(BECAUSE, number=31, author_id=9), 1)


async def test_members_are_called_as_they_wish(tx: Tx) -> None:
    """With their choice about being published, if they made one; by their ids, and all of them page by page."""
    for member, name in ((1, "ann"), (2, "bob"), (3, "cat")):
        await arrive(tx, HOME, member, name)
    await arrive(tx, AWAY, 4, "dan")
    await consents.put(tx, HOME, 2, "named", NOW)
    await consents.put(tx, AWAY, 1, "none", NOW)

    assert await publishing.called(tx, HOME, [2, 1, 2, 4]) == {1: Called(1, "ann", None), 2: Called(2, "bob", "named")}
    assert await publishing.everybody(tx, HOME, 0, 2) == [Called(1, "ann", None), Called(2, "bob", "named")]
    assert await publishing.everybody(tx, HOME, 2, 2) == [Called(3, "cat", None)]
