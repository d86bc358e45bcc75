"""Reactions to an answer are votes, and the asker's may accept it; removing one takes it back."""

import pytest

from bot.core.core import Core
from bot.kit import Post, Tell
from bot.kit.events import ReactionAdded, ReactionRemoved
from bot.kit.references import Person
from tests.bot.knowledge.threads.test_following import LONG, deleted, replied, shown, state
from tests.bot.purses import balances, entries, proven, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NOON, Recorder, posted

LATER = iter(range(NOON, NOON + 10_000))


def reacts(emoji: str, who: Person = CAT, to: str = "1") -> ReactionAdded:
    cause = f"recorder:react:{to}:{who.id}:{emoji}"
    return ReactionAdded(cause=cause, at=next(LATER), who=who, spot=LOBBY, emoji=emoji, about=f"recorder:msg:{to}")


def unreacts(emoji: str, who: Person = CAT, to: str = "1", *, told: bool = True) -> ReactionRemoved:
    """Not every platform tells who removed it."""
    added = reacts(emoji, who, to).cause
    return ReactionRemoved(
        cause=f"{added}:gone",
        at=next(LATER),
        who=who if told else None,
        spot=LOBBY,
        emoji=emoji,
        added=added,
        about=f"recorder:msg:{to}",
    )


@pytest.fixture
async def answered(ready: Core) -> Core:
    """Bob's message 1 is answer 2 to Ann's question, and reactions themselves earn nothing."""
    await ready.absorb([replied(1, LONG)])
    assert await balances(ready, BOB) == [105]
    return ready


@pytest.mark.parametrize("told", [True, False])
async def test_a_reaction_is_a_vote(answered: Core, *, told: bool) -> None:
    """Until it is removed; toggled a hundred times it pays once and is taken back once."""
    await answered.absorb([reacts("👍")])
    assert await balances(answered, BOB) == [110]
    await answered.absorb([unreacts("👍", told=told)])
    assert await balances(answered, BOB) == [105]
    for _ in range(50):
        await answered.absorb([reacts("⬆️")])
        await answered.absorb([unreacts("⬆️", told=told)])

    assert await balances(answered, BOB) == [105]
    assert len([each for each in await entries(answered, BOB) if each.reason in ("voted", "unvoted")]) == 2
    await proven(answered)


async def test_a_vote_is_one(answered: Core) -> None:
    """By button or reaction; a vote against stays until it is turned, and one's own never counts."""
    await says(answered, "/vote 2", CAT)
    await answered.absorb([reacts("👍"), reacts("👍", BOB)])
    assert await balances(answered, BOB) == [110]
    assert (await says(answered, "/vote 2 down", CAT)).plain == "Thanks. Answer 2 stands at -1."
    await answered.absorb([unreacts("👍")])
    assert (await says(answered, "/vote 2 down", CAT)).plain == "You voted against answer 2 already."


async def test_what_was_shown_is_judged(ready: Core) -> None:
    """A reaction to our message that shows an answer counts too; to a question or a comment it means nothing."""
    reply = await says(ready, "/answer 1 Call `task.cancel()` and await it.", BOB)
    await ready.absorb([shown("card", str(reply.subject)), replied(2, "Hm", CAT)])
    await ready.absorb(
        [reacts("👍", CAT, "card"), reacts("👍", CAT, "q"), reacts("✅", ANN, "q"), reacts("👍", ANN, "2")]
    )
    assert await balances(ready, BOB) == [110]

    await ready.absorb([reacts("👌", ANN, "card")])
    assert await state(ready) == "solved"


async def test_the_asker_accepts_by_a_reaction(answered: Core, recorder: Recorder) -> None:
    """And takes it back by removing it; everybody hears of it once, the author each time."""
    await answered.absorb([reacts("✅", CAT), reacts("✅", BOB)])
    assert await state(answered) == "answered"
    await answered.absorb([reacts("✅", ANN), reacts("👌", ANN)])
    assert await state(answered) == "solved"
    assert await balances(answered, BOB) == [120]

    await answered.absorb([unreacts("✅", ANN)])
    await answered.settle()

    assert await state(answered) == "answered"
    assert await balances(answered, BOB) == [105]
    said = [each.reply.plain for each in recorder.effects if isinstance(each, Post)]
    assert said[1:] == ["✅ Question 1 (How do I cancel a task in asyncio?) is solved by answer 2 of Bob."]
    told = [each.reply.plain for each in recorder.effects if isinstance(each, Tell)]
    assert ["was accepted: +15" in told[0], "15 points went back" in told[1]] == [True, True]
    await proven(answered)


async def test_more_than_can_be_accepted(ready: Core, recorder: Recorder) -> None:
    """The asker is told in private."""
    await ready.absorb([replied(number, f"{number} {LONG}") for number in range(1, 5)])
    await ready.absorb([reacts("✅", ANN, str(number)) for number in range(1, 5)])
    await ready.settle()

    told = [each.reply.plain for each in recorder.effects if isinstance(each, Tell)]
    assert any(each.startswith("A question has at most 3 accepted answers.") for each in told)
    assert await balances(ready, BOB) == [125]  # both are new, so Ann can bring him 25 a day


async def test_an_answer_that_is_gone_is_not_judged(answered: Core) -> None:
    """Nor is a message that never was an answer."""
    await says(answered, "/retract 2", BOB)
    await answered.absorb([reacts("👍"), reacts("✅", ANN)])
    assert await balances(answered, BOB) == [100]

    await answered.absorb([deleted(1), posted(9, BOB)])
    await answered.absorb([reacts("👌", ANN), reacts("👍", ANN, "9")])
    assert await balances(answered, BOB) == [100]
    assert await state(answered) == "open"
    await proven(answered)


async def test_an_asker_who_is_glad_is_asked_which_it_was(answered: Core, recorder: Recorder) -> None:
    """Once, while nothing is accepted, about the answer they reply to or the best ones; other members are not asked."""
    await answered.absorb([replied(2, f"Or so: {LONG}", CAT)])
    await answered.absorb([replied(3, "Thanks, that worked!", BOB), replied(4, "Which version?", ANN)])
    await answered.absorb([replied(5, "Thanks, that worked!", ANN, to=2), replied(6, "It works now", ANN)])
    await answered.settle()

    (post,) = [each for each in recorder.effects if isinstance(each, Post) and "Which answer" in each.reply.plain]
    assert post.reply.plain == "Good to hear, Ann! Which answer solved “How do I cancel a task in asyncio?”?"
    assert post.answers == "5"
    assert [each.label for each in post.reply.buttons] == ["Solved by 3"]
    assert (await says(answered, post.reply.buttons[0].line, BOB)).plain.startswith("Only the asker and staff")
    await says(answered, post.reply.buttons[0].line)
    assert await state(answered) == "solved"


async def test_nobody_is_asked_what_is_known(answered: Core, recorder: Recorder) -> None:
    """When an answer is accepted, or there is none to accept."""
    await says(answered, "/accept 2")
    await answered.absorb([replied(5, "Thanks, that worked!", ANN)])
    await says(answered, "/retract 2", BOB)
    await answered.absorb([replied(6, "Never mind, I solved it", ANN)])
    await answered.settle()

    assert not [each for each in recorder.effects if isinstance(each, Post) and "Which answer" in each.reply.plain]
