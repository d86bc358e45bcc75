"""Messages that belong to questions."""

from dataclasses import replace

from models import threads
from models.communities import create_places, move_place
from models.numbers import next_number
from models.store import Tx
from models.threads import Linked, QuestionPlace
from tests.models.conftest import AWAY, HOME, NOW
from tests.models.test_communities import GROUP, SUPERGROUP, arrive

SHOWN = Linked(community_id=HOME, cause="discord:msg:1", question=3, place_id=GROUP.id, at=NOW, message="1")
REPLY = replace(SHOWN, cause="discord:msg:2", member_id=7)


async def test_messages_belong_to_a_question(tx: Tx) -> None:
    """Until they are gone; a comment may become an answer, and a comment again."""
    for each in (SHOWN, REPLY, replace(REPLY, cause="discord:msg:3"), replace(REPLY, community_id=AWAY)):
        await threads.link(tx, each)

    causes = ["discord:msg:1", "discord:msg:2", "discord:msg:9"]
    assert await threads.linked(tx, HOME, causes) == {SHOWN.cause: SHOWN, REPLY.cause: REPLY}
    assert await threads.linked(tx, HOME, []) == {}
    assert await threads.comments(tx, HOME, 3) == 2

    await threads.link(tx, replace(REPLY, answer=4))
    assert await threads.linked(tx, HOME, [REPLY.cause]) == {REPLY.cause: replace(REPLY, answer=4)}
    assert await threads.comments(tx, HOME, 3) == 1
    assert await threads.given_by(tx, HOME, 3, 4) == replace(REPLY, answer=4)
    assert await threads.given_by(tx, HOME, 3, 5) is None
    await threads.unlink(tx, HOME, REPLY.cause)
    assert await threads.linked(tx, HOME, [REPLY.cause]) == {}
    assert len(await threads.linked(tx, AWAY, [REPLY.cause])) == 1


async def test_a_place_is_about_a_question(tx: Tx) -> None:
    """And the message with its details may come later."""
    there = QuestionPlace(community_id=HOME, place_id=12, question=3)
    for each in (there, replace(there, place_id=13), replace(there, community_id=AWAY), replace(there, body="c:1")):
        await threads.give_place(tx, each)

    assert await threads.in_places(tx, HOME, [12, 14]) == {12: replace(there, body="c:1")}
    assert await threads.in_places(tx, HOME, []) == {}


async def test_who_spoke(tx: Tx) -> None:
    """Besides the asker; our own messages do not count."""
    for each in (SHOWN, replace(REPLY, member_id=5)):
        await threads.link(tx, each)
    assert not await threads.others_spoke(tx, HOME, 3, 5)
    await threads.link(tx, replace(REPLY, cause="discord:msg:4"))
    assert await threads.others_spoke(tx, HOME, 3, 5)


async def test_places_are_watched(tx: Tx) -> None:
    """Each once, until it is unwatched."""
    assert [await threads.watch(tx, HOME, place, NOW - place) for place in (12, 13, 12)] == [True, True, False]
    assert await threads.watched(tx, HOME) == [13, 12]
    assert await threads.watched(tx, AWAY) == []
    assert [await threads.unwatch(tx, HOME, place) for place in (12, 12)] == [True, False]
    assert await threads.watched(tx, HOME) == [13]


async def test_they_come_home(tx: Tx) -> None:
    """From a community founded by mistake, to the question and the answer that move along."""
    stray = replace(SUPERGROUP, community_id=AWAY)
    await create_places(tx, [GROUP, stray])
    await arrive(tx, HOME, 1, "ann")
    await arrive(tx, AWAY, 51, "ann")
    for community, count in ((HOME, 10), (AWAY, 4)):
        for _ in range(count):
            await next_number(tx, community)
    lost = replace(REPLY, community_id=AWAY, answer=4, member_id=51, place_id=stray.id)
    await threads.link(tx, lost)
    await create_places(tx, [replace(stray, id=15, external_id="-100/5", kind="topic", parent_id=stray.id)])
    await threads.give_place(tx, QuestionPlace(community_id=AWAY, place_id=15, question=3))

    await move_place(tx, "telegram", "-5", "-100")

    home = replace(REPLY, question=13, answer=14, member_id=1, place_id=GROUP.id)
    assert await threads.linked(tx, HOME, [REPLY.cause]) == {REPLY.cause: home}
    topic = QuestionPlace(community_id=HOME, place_id=15, question=13)
    assert await threads.in_places(tx, HOME, [15]) == {15: topic}


async def test_what_a_place_is_called(tx: Tx) -> None:
    """It is stored with the time of the last look; to learn its question again changes neither."""
    there = QuestionPlace(community_id=HOME, place_id=12, question=3)
    for each in (there, replace(there, place_id=13, question=4), replace(there, community_id=AWAY)):
        await threads.give_place(tx, each)
    assert await threads.places_of(tx, HOME, 3) == [there]

    await threads.look(tx, there, "✅ Tea", NOW)
    await threads.give_place(tx, replace(there, body="c:1"))
    assert await threads.places_of(tx, HOME, 3) == [replace(there, body="c:1", called="✅ Tea", looked_at=NOW)]
    assert await threads.places_of(tx, AWAY, 3) == [replace(there, community_id=AWAY)]


async def test_a_place_is_lost(tx: Tx) -> None:
    """Alone; the question may have another."""
    there = QuestionPlace(community_id=HOME, place_id=12, question=3)
    for each in (there, replace(there, place_id=13)):
        await threads.give_place(tx, each)
    for community in (HOME, AWAY):
        await threads.lose_place(tx, community, 12)

    assert await threads.places_of(tx, HOME, 3) == [replace(there, place_id=13)]
