"""A question from its asking to the next member with the same problem, as its people live through it."""

import pytest

from tests.stories.stage import Stage
from tests.stories.test_upkeep import LANGUAGES, WORDS, gather, hears

TITLE = "How do I cancel a task in asyncio?"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_question_is_answered_by_who_knows(stage: Stage, language: str) -> None:
    """Nobody sees it, a helper is asked, claims it, answers; the answer is judged, accepted, and found by the next."""
    _, ann, bob = await gather(stage, language)
    (cat,) = await stage.members("cat")
    await cat.says(f"/language {language}", private=True)
    await bob.says("/helper on asyncio")
    await ann.says(f"/ask {TITLE} #asyncio")
    assert hears(bob, language, "question.asks", member="ann")

    await stage.passes(minutes=31)
    assert hears(bob, language, "ladder.ask", member="ann")
    assert not hears(cat, language, "ladder.ask", member="ann")
    await bob.presses(WORDS.plain(language, "ladder.take"))
    assert hears(ann, language, "question.claimed", member="bob", number=1, title=TITLE)
    await bob.says("/answer 1 Call `task.cancel()` and await it.")
    assert ann.hears("task.cancel()")

    await cat.says("/vote 2 up")
    await stage.passes(hours=73)
    assert hears(ann, language, "ladder.solved", number=1, title=TITLE, member="ann")
    await ann.presses(WORDS.plain(language, "threads.solved", number=2))
    assert hears(bob, language, "accept.told", number=2, title=TITLE, count=15)

    await stage.passes(days=9)
    await cat.says("/ask How can I cancel asyncio tasks?")
    assert hears(cat, language, "ask.before")
    await cat.presses(WORDS.plain(language, "ask.solves", number=1))
    assert hears(cat, language, "question.helped.glad", number=1, title=TITLE)
    await cat.says("/questions stats 120")
    assert hears(cat, language, "questions.stats.solved", count=1, share=100)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_first_question_is_coached(stage: Stage, language: str) -> None:
    """In private, while everybody else reads the question."""
    _, ann, bob = await gather(stage, language)
    await ann.says("/ask It does not work, I get an error")

    assert hears(bob, language, "question.asks", member="ann")
    assert hears(ann, language, "coaching.title")
    assert not hears(bob, language, "coaching.title")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_question_that_nobody_can_answer(stage: Stage, language: str) -> None:
    """Everybody is called, points are offered and come back; its asker says that it waits, and then nothing more."""
    _, ann, bob = await gather(stage, language)
    await ann.says(f"/ask {TITLE}")
    await stage.passes(hours=3)
    assert hears(bob, language, "ladder.call", member="ann")
    await stage.passes(hours=6)
    assert hears(ann, language, "ladder.bounty", number=1, title=TITLE)
    await ann.presses(WORDS.plain(language, "ladder.amount", count=25))
    assert bob.hears("💰")
    await stage.passes(hours=72)
    assert hears(ann, language, "ladder.still", number=1, title=TITLE, member="ann")
    await ann.says("/question still 1")
    assert hears(ann, language, "question.still.done", number=1, title=TITLE)

    await stage.passes(days=30)
    assert hears(ann, language, "ladder.rests", number=1, title=TITLE)
    await bob.says("/questions unanswered")
    assert hears(bob, language, "questions.unanswered.empty")
    await bob.says("/answer 1 Call `task.cancel()` and await it.")
    await bob.says("/questions stats 120")
    assert hears(bob, language, "questions.stats.answered", count=1, share=100)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_asker_finds_it_alone(stage: Stage, language: str) -> None:
    """They post their own fix, and the question is solved; a message that is gone cannot be chosen."""
    _, ann, bob = await gather(stage, language)
    await ann.says(f"/ask {TITLE}")
    await ann.says("/question solution 1 nothing")
    assert hears(ann, language, "question.solution.gone")

    await ann.says("/question fixed 1 My configuration was wrong, so I wrote it again.")
    assert hears(bob, language, "accept.done", question=1, number=2, title=TITLE, member="ann")
