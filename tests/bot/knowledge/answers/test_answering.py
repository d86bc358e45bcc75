"""Answers are given, judged and accepted, and what each earns goes back when it is undone."""

import asyncio

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Tell, Tone
from bot.kit.events import MemberLeft
from bot.kit.references import Spot
from models import questions
from tests.bot.conftest import home_of
from tests.bot.purses import balances, entries, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, HOUR, LOBBY, NAME, NOON, Recorder, typed


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points, Ann 2 more for asking; Bob answered her question 1 with answer 2."""
    await meet(core)
    await says(core, "/ask How do I cancel a task in asyncio? #python")
    await says(core, "/answer 1 Call `task.cancel()` and await it.", BOB)
    return core


async def state(core: Core) -> str:
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await questions.question(tx, home, 1)
    assert found
    return found.state


async def test_an_answer_is_shown_with_what_can_be_said_of_it(ready: Core) -> None:
    """Everybody sees it with its buttons, and the asker is asked whether it helps."""
    reply = await says(ready, "/answer 1 Or use a timeout", CAT)

    assert reply.plain == (
        "💬 1 · How do I cancel a task in asyncio?\nAnswer 3 by Cat:\nOr use a timeout\nAnn, does it help?"
    )
    assert [button.label for button in reply.buttons] == ["👍 3", "Accept 3"]
    assert await state(ready) == "answered"


async def test_the_first_answer_earns_more_while_it_is_fresh(ready: Core, clock: HandClock) -> None:
    """Each member's first answer to a question earns; nobody earns by answering themselves."""
    await says(ready, "/answer 1 One thing more", BOB)
    await says(ready, "/answer 1 Or use a timeout", CAT)
    await says(ready, "/answer 1 I found it myself", ANN)
    assert await balances(ready, ANN, BOB, CAT) == [102, 105, 102]

    await says(ready, "/ask Where is the tea kept?")
    clock.move(clock.now() + 2 * HOUR)
    await says(ready, "/answer 6 In the kitchen", CAT)
    assert await balances(ready, CAT) == [104]
    await proven(ready)


async def test_accepting_pays_and_undoing_takes_back(ready: Core, recorder: Recorder, clock: HandClock) -> None:
    """As often as the asker changes their mind; the author hears of it each time."""
    for _ in range(2):
        done = await says(ready, "/accept 2")
        assert done.plain.startswith("✅ Question 1 (How do I cancel a task in asyncio?) is solved by answer 2 of Bob.")
        assert await state(ready) == "solved"
        assert await balances(ready, BOB) == [120]
        assert (await says(ready, "/accept 2")).plain == "Answer 2 is accepted already."
        clock.move(clock.now() + 1000)
        await presses(ready, done)
        assert await state(ready) == "answered"
        assert await balances(ready, BOB) == [105]
        assert (await says(ready, "/unaccept 2")).plain == "Answer 2 is not accepted."

    await ready.settle()
    told = [effect.reply.plain for effect in recorder.effects if isinstance(effect, Tell)]
    assert [line for line in told if "was accepted: +15 points." in line] == told[-4::2]
    assert [line for line in told if "15 points went back" in line] == told[-3::2]
    await proven(ready)


async def test_several_are_accepted(ready: Core) -> None:
    """But not any number."""
    for _ in range(3):
        await says(ready, "/answer 1 Another way to do it", CAT)
    for number in (2, 3, 4):
        assert (await says(ready, f"/accept {number}")).tone is Tone.GOOD

    assert "at most 3 accepted answers" in (await says(ready, "/accept 5")).plain
    await says(ready, "/unaccept 2")
    assert await state(ready) == "solved"
    assert (await says(ready, "/accept 5")).tone is Tone.GOOD


async def test_only_the_asker_and_staff_accept(ready: Core) -> None:
    """And nobody earns by accepting their own answer."""
    assert "Only the asker and staff" in (await says(ready, "/accept 2", CAT)).plain
    await ready.invoke(typed("/accept 2", BOB, access=Access.STAFF))
    assert await balances(ready, BOB) == [105]
    await says(ready, "/unaccept 2")
    await ready.invoke(typed("/accept 2", CAT, access=Access.STAFF))
    assert await balances(ready, BOB) == [120]

    await says(ready, "/answer 1 I found it myself", ANN)
    await says(ready, "/accept 3")
    assert await balances(ready, ANN) == [102]


async def test_two_accept_at_once(ready: Core) -> None:
    """One of them does, and it is paid once."""
    replies = await asyncio.gather(
        says(ready, "/accept 2"),
        ready.invoke(typed("/accept 2", CAT, access=Access.STAFF)),
        says(ready, "/accept 2"),
    )

    assert sorted(reply.tone is Tone.GOOD for reply in replies) == [False, False, True]
    assert await balances(ready, BOB) == [120]


async def test_votes_count_once_for_each_member(ready: Core) -> None:
    """A vote can be turned or taken back; toggled a hundred times it pays once and is taken back once."""
    assert (await says(ready, "/vote 2", CAT)).plain == "Thanks. Answer 2 stands at 1."
    again = await says(ready, "/vote 2 up", CAT)
    assert again.plain == "You voted for answer 2 already."
    assert await balances(ready, BOB) == [110]
    assert (await presses(ready, again, 0, CAT)).plain == "Thanks. Answer 2 stands at 0."
    assert (await says(ready, "/vote 2 none", CAT)).plain == "You have not voted on answer 2."
    assert await balances(ready, BOB) == [105]
    for _ in range(50):
        await says(ready, "/vote 2 up", CAT)
        await says(ready, "/vote 2 down", CAT)

    assert (await says(ready, "/vote 2 down", CAT)).plain == "You voted against answer 2 already."
    assert (await says(ready, "/vote 2 down", ANN)).plain == "Thanks. Answer 2 stands at -2."
    assert len([each for each in await entries(ready, BOB) if each.reason in ("voted", "unvoted")]) == 2
    await proven(ready)


async def test_nobody_votes_for_themselves(ready: Core) -> None:
    """Neither for nor against."""
    for line in ("/vote 2 up", "/vote 2 down", "/vote 2 none"):
        assert (await says(ready, line, BOB)).plain == "You can't vote on your own answer."


async def test_who_left_does_not_vote(ready: Core) -> None:
    """A button in their private chat does nothing; where we see a member act, they are here."""
    await ready.absorb([MemberLeft(cause=f"{NAME}:left", at=NOON, who=CAT, spot=LOBBY)])

    refused = await ready.invoke(typed("/vote 2", CAT, spot=Spot(NAME, "dm", "dm", "dm")))
    assert "I answer members only." in refused.plain
    assert await balances(ready, BOB) == [105]
    assert (await says(ready, "/vote 2", CAT)).plain == "Thanks. Answer 2 stands at 1."


async def test_a_retracted_answer_takes_everything_with_it(ready: Core) -> None:
    """Its points, its acceptance, and the state it gave go; it takes no votes and cannot be accepted."""
    await says(ready, "/vote 2", CAT)
    await says(ready, "/accept 2")
    assert await balances(ready, BOB) == [125]
    assert "Only the asker and staff" in (await says(ready, "/retract 2", CAT)).plain

    await says(ready, "/retract 2", BOB)

    assert await state(ready) == "open"
    assert await balances(ready, BOB) == [100]
    for line in ("/accept 2", "/vote 2", "/unaccept 2", "/retract 2"):
        assert (await says(ready, line)).plain == "Answer 2 was taken back by its author."
    assert "found nothing" in (await says(ready, "/find await it", CAT)).plain
    await proven(ready)


async def test_what_was_spent_meanwhile_is_owed(ready: Core) -> None:
    """Points for an answer that is taken back become a debt, and the books still add up."""
    await says(ready, "/accept 2")
    await rules(ready, "/points take @bob 115 for tea")
    assert await balances(ready, BOB) == [5]

    await says(ready, "/retract 2", BOB)

    assert await balances(ready, BOB) == [-15]
    await proven(ready)


async def test_the_best_answer_is_shown_first(ready: Core) -> None:
    """The accepted one, then by votes; three of them, and how many more there are."""
    for text in ("A second way", "A third way", "A fourth way"):
        await says(ready, f"/answer 1 {text}", CAT)
    await says(ready, "/vote 4", BOB)
    await says(ready, "/accept 3")

    shown = await says(ready, "/question show 1", BOB)

    names = [block.name for block in shown.blocks]
    assert ["".join(span.text for span in name) for name in names] == [
        "✅ Answer 3 by Cat · 👍 0", "Answer 4 by Cat · 👍 1", "Answer 2 by Bob · 👍 0",
    ]  # fmt: skip
    assert "And 1 more." in shown.plain


async def test_accepting_solves_a_closed_question(ready: Core) -> None:
    """Although it was closed, others find it as solved, and it can be closed again."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/answer 1 In the kitchen.", BOB)
    await says(ready, "/question close 1")

    await says(ready, "/accept 2")

    assert "✅ Solved" in (await says(ready, "/question show 1")).plain
