"""Reactions to an answer are votes, and the asker's may accept it; removing one takes it back."""

import pytest

from bot.core.core import Core
from bot.kit import Post, Tell
from bot.kit.events import ReactionAdded, ReactionRemoved
from bot.kit.references import Person
from tests.bot.knowledge.threads.test_following import LONG, deleted, edited, replied, shown, state
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
    assert await balances(ready, BOB) == [100]
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
    assert await state(answered) == "open"
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


async def test_a_guess_counts_when_it_is_confirmed(answered: Core) -> None:
    """By a vote, once; a vote against, or one's own, confirms nothing."""
    await says(answered, "/vote 2 down", CAT)
    await answered.absorb([reacts("👍", BOB)])
    assert (await state(answered), await balances(answered, BOB)) == ("open", [100])

    await says(answered, "/vote 2", CAT)
    await says(answered, "/vote 2 none", CAT)
    assert (await state(answered), await balances(answered, BOB)) == ("answered", [105])
    await proven(answered)


def offers(recorder: Recorder) -> list[Post]:
    """What glad askers were asked."""
    posts = [each for each in recorder.effects if isinstance(each, Post)]
    return [each for each in posts if each.reply.plain.startswith("Good to hear")]


async def test_a_glad_asker_is_asked_what_it_was(answered: Core, recorder: Recorder) -> None:
    """The message they reply to leads, then the last ones of others, taken or not; nothing is solved by itself."""
    await answered.absorb([replied(2, "It is the port", CAT), replied(3, "Which port?", ANN), replied(4, "8080", CAT)])
    await answered.absorb([replied(5, "Thanks, that worked!", BOB), replied(6, "Will try, thanks", ANN)])
    await answered.absorb([replied(7, "Thanks, that worked!", ANN, to=2), replied(8, "It works now", ANN)])
    await answered.settle()

    (post,) = offers(recorder)
    assert post.reply.plain == "Good to hear, Ann! What solved “How do I cancel a task in asyncio?”?"
    assert post.answers == "7"
    labels = [each.label for each in post.reply.buttons]
    assert labels == ["Cat: It is the port", "Bob: Thanks, that worked!", "Cat: 8080"]
    assert await state(answered) == "open"
    assert (await says(answered, post.reply.buttons[0].line, BOB)).plain.startswith("Only the asker and staff")
    await says(answered, post.reply.buttons[0].line)
    assert await state(answered) == "solved"
    assert await balances(answered, BOB, CAT) == [100, 120]
    await proven(answered)


async def test_the_press_chooses_by_its_id(answered: Core, recorder: Recorder) -> None:
    """An edited message is taken with its new words; one that is gone, or that nobody said here, is refused."""
    await answered.absorb([replied(2, "It is the prot", CAT), replied(3, "It works now", ANN)])
    await answered.settle()
    (post,) = offers(recorder)
    await answered.absorb([edited(2, "It is the port", CAT)])
    for strange in ("99", "q", "3"):
        assert "no longer have the words" in (await says(answered, f"/question solution 1 {strange}")).plain

    assert [each.label for each in post.reply.buttons] == ["Cat: It is the prot", "Solved by 2"]
    done = await says(answered, post.reply.buttons[0].line)
    assert done.plain.startswith("✅ Question 1")
    assert "It is the port" in (await says(answered, "/question show 1")).plain
    again = await says(answered, post.reply.buttons[0].line)
    assert again.plain.startswith("Answer 3 is accepted already")


async def test_words_are_forgotten(answered: Core) -> None:
    """What others said and is no answer is forgotten when the question is solved."""
    await answered.absorb([replied(2, "It is the port", CAT)])
    await says(answered, "/accept 2")
    await says(answered, "/unaccept 2")

    assert "no longer have the words" in (await says(answered, "/question solution 1 2")).plain


async def test_who_found_it_alone_posts_it(ready: Core, recorder: Recorder) -> None:
    """And closes the question with it; only the asker may, and it pays nobody."""
    await ready.absorb([replied(5, "Found it, was my config", ANN)])
    await ready.settle()

    (post,) = offers(recorder)
    assert [each.label for each in post.reply.buttons] == ["Post your fix and close"]
    assert "Only the asker" in (await says(ready, "/question fixed 1 The port was wrong.", BOB)).plain
    await says(ready, f"{post.reply.buttons[0].line} The port was wrong.")
    assert await state(ready) == "solved"
    assert await balances(ready, ANN) == [102]
    await proven(ready)


async def test_nobody_is_asked_what_is_known(answered: Core, recorder: Recorder) -> None:
    """When an answer is accepted."""
    await says(answered, "/accept 2")
    await answered.absorb([replied(5, "Thanks, that worked!", ANN)])
    await answered.settle()

    assert offers(recorder) == []
