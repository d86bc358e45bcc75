"""Settings, audit, dead letters, the times of jobs, and what the installation remembers."""

from dataclasses import replace

from models import dead_letters, in_hand, job_runs, remembered, settings
from models.audit import Change, change, changes, mark_undone, record
from models.dead_letters import DeadLetter, Pile
from models.store import Tx
from tests.models.conftest import AWAY, HOME, NOW

CHANGE = Change(
    community_id=HOME, id=1, at=NOW, actor_id=7, action="settings.set", subject="language", after='"zh"', cause="c:1"
)
LETTER = DeadLetter(
    community_id=HOME,
    cause="discord:msg:1",
    listener="points.award",
    kind="MessagePosted",
    body="{}",
    error="E",
    at=NOW,
)


async def test_a_setting_is_put_changed_and_taken_back(tx: Tx) -> None:
    """Each community has its own; None means the default again."""
    await settings.put(tx, HOME, "language", '"en"', NOW)
    await settings.put(tx, HOME, "language", '"zh"', NOW)
    await settings.put(tx, HOME, "a", "1", NOW)

    assert await settings.get(tx, HOME, "language") == '"zh"'
    assert await settings.get(tx, AWAY, "language") is None
    assert await settings.get_all(tx, HOME) == {"a": "1", "language": '"zh"'}

    await settings.put(tx, HOME, "language", None, NOW)
    assert await settings.get_all(tx, HOME) == {"a": "1"}


async def test_changes_are_on_record(tx: Tx) -> None:
    """The newest comes first; they can be filtered by action or subject."""
    second = replace(CHANGE, id=2, action="points.give", subject="member:7", actor_id=None, before="1", undoes=1)
    for each in (CHANGE, second, replace(CHANGE, id=3), replace(CHANGE, community_id=AWAY)):
        await record(tx, each)

    assert [each.id for each in await changes(tx, HOME)] == [3, 2, 1]
    assert [each.id for each in await changes(tx, HOME, limit=1)] == [3]
    assert await changes(tx, HOME, action="points.give") == [second]
    assert [each.id for each in await changes(tx, HOME, subject="language")] == [3, 1]
    assert await changes(tx, HOME, action="points.give", subject="language") == []
    assert await change(tx, HOME, 1) == CHANGE
    assert await change(tx, HOME, 9) is None


async def test_a_change_is_undone_once(tx: Tx) -> None:
    """Of two who undo the same change, the second is told that it was done."""
    await record(tx, CHANGE)

    assert await mark_undone(tx, HOME, 1, 2)
    assert not await mark_undone(tx, HOME, 1, 3)
    assert await change(tx, HOME, 1) == replace(CHANGE, undone_by=2)


async def test_a_dead_letter_counts_its_attempts(tx: Tx) -> None:
    """Buried again it is the same letter, with its latest error."""
    orphan = replace(LETTER, community_id=0, at=NOW - 1)
    await dead_letters.bury(tx, [LETTER, orphan])
    await dead_letters.bury(tx, [replace(LETTER, error="F", at=NOW + 1)])

    assert await dead_letters.letters(tx, 10) == [orphan, replace(LETTER, error="F", at=NOW + 1, attempts=2)]
    assert await dead_letters.letters(tx, 1) == [orphan]
    assert await dead_letters.count(tx) == 2


async def test_a_dead_letter_is_dug_up_once(tx: Tx) -> None:
    """Of two who replay it, one is told that it is gone."""
    await dead_letters.bury(tx, [LETTER])

    assert await dead_letters.unbury(tx, LETTER)
    assert not await dead_letters.unbury(tx, LETTER)
    assert await dead_letters.count(tx) == 0


async def test_the_bell_remembers_when_it_rang(tx: Tx) -> None:
    """The last ring of each job of each community."""
    await job_runs.mark(tx, [HOME], "score", NOW)
    await job_runs.mark(tx, [HOME], "score", NOW + 1)
    await job_runs.mark(tx, [AWAY], "score", NOW)

    assert await job_runs.last(tx, "score") == {HOME: NOW + 1, AWAY: NOW}


async def test_the_installation_remembers(tx: Tx) -> None:
    """The latest value under a key."""
    assert await remembered.recall(tx, "commands") is None
    await remembered.remember(tx, "commands", "a", NOW)
    await remembered.remember(tx, "commands", "b", NOW)

    assert await remembered.recall(tx, "commands") == "b"


async def test_dead_letters_are_forgotten_a_few_at_a_time(tx: Tx) -> None:
    """The oldest first, a twentieth or ten at once, so that a clock jump takes no more; other communities' stay."""
    old = [replace(LETTER, cause=f"c:{number:03}", at=NOW + number) for number in range(300)]
    await dead_letters.bury(tx, [*old, replace(LETTER, community_id=AWAY)])

    assert await dead_letters.forget(tx, HOME, NOW, 5, 10, 1000) == 0
    assert await dead_letters.forget(tx, HOME, NOW + 1000, 5, 10, 1000) == 15
    assert await dead_letters.forget(tx, HOME, NOW + 20, 5, 10, 1000) == 5
    assert (await dead_letters.of_listener(tx, HOME, LETTER.listener, 1))[0].cause == "c:020"
    assert await dead_letters.forget(tx, HOME, NOW, 5, 10, 100) == 180
    assert (await dead_letters.of_listener(tx, HOME, LETTER.listener, 1))[0].cause == "c:200"
    assert await dead_letters.count(tx) == 101
    assert await dead_letters.oldest(tx) == LETTER.at


async def test_dead_letters_lie_in_piles(tx: Tx) -> None:
    """One for each listener of the community, with its newest error; the pile that grew last comes first."""
    others = [replace(LETTER, cause="d", listener="a.b", error="F: x", at=NOW + 2)]
    newer = [replace(LETTER, cause="e", error="G: y", at=NOW + 1), replace(LETTER, community_id=AWAY, listener="c.d")]
    await dead_letters.bury(tx, [LETTER, *others, *newer])

    assert await dead_letters.piles(tx, HOME, 9) == [
        Pile(listener="a.b", letters=1, last_at=NOW + 2, error="F: x"),
        Pile(listener="points.award", letters=2, last_at=NOW + 1, error="G: y"),
    ]
    assert len(await dead_letters.piles(tx, HOME, 1)) == 1


async def test_what_is_in_hand_is_noted_and_forgotten(tx: Tx) -> None:
    """A second note replaces the number of ends; old notes are forgotten by age."""
    await in_hand.note(tx, [("a", 1), ("b", 1), ("a", 1)], NOW)
    await in_hand.note(tx, [("b", 2), ("c", 1)], NOW + 1)
    assert await in_hand.noted(tx) == {"a": 1, "b": 2, "c": 1}

    await in_hand.forget(tx, ["c", "nowhere"])
    assert await in_hand.forget_old(tx, NOW + 1) == 1
    assert await in_hand.noted(tx) == {"b": 2}


async def test_dead_letters_of_an_error_are_found(tx: Tx) -> None:
    """By its kind, newest first."""
    for number, error in enumerate(("Deadly: x", "Deadlyish: x", "Deadly: y")):
        await dead_letters.bury(tx, [replace(LETTER, cause=f"c:{number}", error=error, at=NOW + number)])

    assert [each.cause for each in await dead_letters.of_error(tx, "Deadly", 9)] == ["c:2", "c:0"]
    assert len(await dead_letters.of_error(tx, "Deadly", 1)) == 1
