"""Bounties: awarded, halved by votes or given back, to the last point, and once."""

import asyncio

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Tell, Tone
from bot.knowledge.bounties.rules import deserving
from models.bounties import Bounty
from models.questions import Answer, Standing
from models.spans import DAY
from tests.bot.purses import balances, entries, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, Recorder, chosen, typed

PLACED = Bounty(community_id=1, number=5, question=1, owner_id=7, amount=51, placed_at=0, ends_at=9)


def scored(number: int, score: int, author: int = 8) -> Standing:
    return Standing(Answer(community_id=1, number=number, question=1, author_id=author, body="x", answered_at=1), score)


@pytest.mark.parametrize(
    ("answers", "number"),
    [
        ([], None),
        ([scored(2, 1)], None),
        ([scored(2, 2), scored(3, 5)], 3),
        ([scored(2, 3), scored(3, 3)], 2),
        ([scored(2, 9, 7), scored(3, 2)], 3),
        ([scored(2, 9, 7)], None),
    ],
)
def test_who_deserves_half(answers: list[Standing], number: int | None) -> None:
    """The answer with most votes, at least two, and the first of equal ones; never the owner's own."""
    best = deserving(PLACED, answers)

    assert (best.answer.number if best else None) == number


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points; Ann asked question 1 with a bounty of 51, Bob and Cat answered; none of it earned."""
    await meet(core)
    for key in ("questions.asked", "answers.given", "answers.first", "answers.accepted", "answers.voted"):
        await rules(core, f"/settings set {key} 0")
    await says(core, "/ask How do I cancel a task in asyncio?")
    placed = await says(core, "/bounty 1 51")
    assert placed.plain.startswith("💰 51 points for a good answer to question 1")
    await says(core, "/answer 1 Call task.cancel()", BOB)
    await says(core, "/answer 1 Use a timeout", CAT)
    return core


async def passes(core: Core, clock: HandClock, days: float) -> None:
    await core.pass_time(clock, clock.now() + round(days * DAY))


async def test_the_accepted_answer_is_awarded(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """All of it, once; taking the acceptance back or accepting another answer moves nothing more."""
    assert await balances(ready, ANN) == [49]

    await says(ready, "/accept 3")

    assert await balances(ready, ANN, BOB, CAT) == [49, 151, 100]
    (won, *_) = await entries(ready, BOB)
    assert (won.kind, won.amount, won.reason, won.counts) == ("release", 51, "bounty_won", False)
    await says(ready, "/unaccept 3")
    await says(ready, "/accept 4")
    await passes(ready, clock, 10)
    assert await balances(ready, ANN, BOB, CAT) == [49, 151, 100]
    told = [effect.reply.plain for effect in recorder.effects if isinstance(effect, Tell)]
    assert len([line for line in told if "of its bounty" in line]) == 1
    assert not [line for line in told if "ends in a day" in line]
    await proven(ready)


async def test_it_is_put_up_with_the_question(ready: Core) -> None:
    """At once, or when it is posted anyway; if the member has too few points, nothing is asked."""
    refused = await ready.invoke(chosen("ask", title="Where is the tea kept?", bounty=50))
    assert refused.tone is Tone.CAREFUL
    assert "tea" not in (await says(ready, "/questions mine")).plain

    posted = await ready.invoke(chosen("ask", title="Where is the tea kept?", bounty=10))
    assert "💰 10 points for a good answer" in posted.plain
    assert await balances(ready, ANN) == [39]
    offer = await ready.invoke(chosen("ask", title="Where is the tea kept now?", bounty=20))
    assert await balances(ready, ANN) == [39]
    anyway = await presses(ready, offer, len(offer.buttons) - 1)
    assert "💰 20 points for a good answer" in anyway.plain
    assert await balances(ready, ANN) == [19]
    await proven(ready)


async def test_half_goes_to_the_best_answer(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """When nothing was accepted a day after its end; the asker is reminded before, and gets the rest back."""
    await says(ready, "/vote 3", CAT)
    await says(ready, "/vote 3", ANN)
    await says(ready, "/vote 4", BOB)

    await passes(ready, clock, 7.1)
    assert [line for line in recorder.said if "Your bounty of 51 points on question 1 ends in a day." in line]
    assert await balances(ready, ANN, BOB) == [49, 100]

    await passes(ready, clock, 1)
    assert await balances(ready, ANN, BOB, CAT) == [75, 125, 100]
    await passes(ready, clock, 5)
    assert await balances(ready, ANN, BOB, CAT) == [75, 125, 100]
    await proven(ready)


async def test_it_comes_back_when_nobody_deserves_it(ready: Core, clock: HandClock, recorder: Recorder) -> None:
    """One vote is not enough."""
    await says(ready, "/vote 3", CAT)

    await passes(ready, clock, 8.1)

    assert await balances(ready, ANN, BOB) == [100, 100]
    assert [line for line in recorder.said if "came back to you: 51 points" in line]
    await proven(ready)


@pytest.mark.parametrize("line", ["/question close 1", "/question duplicate 1 5", "/question delete 1"])
async def test_it_comes_back_with_its_question(ready: Core, clock: HandClock, line: str) -> None:
    """However the question ends; and when it is open again, a new bounty is possible."""
    await says(ready, "/ask Where is the tea kept?", CAT)

    await ready.invoke(typed(line, ANN, access=Access.STAFF))

    assert await balances(ready, ANN) == [100]
    await passes(ready, clock, 9)
    assert await balances(ready, ANN) == [100]
    await proven(ready)


async def test_an_award_and_an_end_at_once(ready: Core) -> None:
    """One of them pays."""
    await asyncio.gather(says(ready, "/accept 3"), says(ready, "/question close 1"), says(ready, "/accept 4"))

    assert sum(await balances(ready, ANN, BOB, CAT)) == 300
    await proven(ready)


async def test_nobody_is_awarded_their_own(ready: Core, clock: HandClock) -> None:
    """It waits for somebody else's answer, and comes back in the end."""
    await says(ready, "/answer 1 I found it myself")

    await says(ready, "/accept 5")

    assert await balances(ready, ANN) == [49]
    await passes(ready, clock, 9)
    assert await balances(ready, ANN) == [100]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/bounty 1 10", "There is a bounty on question 1 already."),
        ("/bounty 5 50", "You have 49 points, which is less than 50."),
        ("/bounty 5 0", "it must be between 1 and 1,000,000"),
        ("/bounty 5 -1", "it must be between 1 and 1,000,000"),
        ("/bounty 5 1.5", "1.5 is not a whole number"),
        (f"/bounty 5 {2**63}", "it must be between"),
        ("/bounty 5 1e309", "1e309 is not a whole number"),
        ("/bounty 5 ٣", "٣ is not a whole number"),
        ("/bounty 5", "amount: this is missing"),
        ("/bounty 9 5", "there is no question with that number"),
        ("/bounty 6 5", "Only the asker and staff can do this."),
        ("/bounty 7 5", "does not wait for an answer"),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, said: str) -> None:
    """The member gets one private sentence, and nothing is staked."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/ask Whose turn is the washing?", BOB)
    await says(ready, "/ask Which day is the party?")
    await says(ready, "/question close 7")

    refused = await says(ready, line)

    assert (refused.private, refused.tone) == (True, Tone.CAREFUL)
    assert said in refused.plain
    assert await balances(ready, ANN) == [49]


async def test_what_is_spent_many_times_at_once(ready: Core) -> None:
    """Of a hundred bounties from one balance, there are as many as it pays for."""
    for number in range(20):
        await says(ready, f"/ask Question about matter number {number}x{number}y?")

    replies = await asyncio.gather(*(says(ready, f"/bounty {5 + number} 10") for number in range(20)))

    assert [reply.tone for reply in replies].count(Tone.GOOD) <= 4
    assert 0 <= (await balances(ready, ANN))[0] <= 9 + 10 * 16
    await proven(ready)
