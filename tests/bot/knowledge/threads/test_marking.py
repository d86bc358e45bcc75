"""The author, the asker and staff decide which messages are answers."""

import pytest

from bot.core.core import Core
from bot.kit import Access, React, Reply
from bot.kit.events import ThreadOpened
from bot.kit.invocation import Line
from bot.kit.references import Message, Person, Spot
from tests.bot.knowledge.threads.test_following import LONG, answers, comments, edited, replied
from tests.bot.purses import balances, proven, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NAME, NOON, Recorder, posted, typed

SHORT = "Use a timeout."


async def replies(core: Core, line: str, number: int, text: str, who: Person, by: Person | None = BOB) -> Reply:
    """Replies with a command to a member's message."""
    message = Message(f"{NAME}:msg:{number}", by, text)
    return await core.invoke(typed(Line(pieces=(line,), replied=message), who))


@pytest.mark.parametrize("who", [ANN, BOB])
async def test_a_comment_is_an_answer(ready: Core, recorder: Recorder, who: Person) -> None:
    """It earns as an answer does, and is followed like one that was recognised."""
    await ready.absorb([replied(1, SHORT)])
    assert "Only its author, the asker and staff" in (await replies(ready, "/mark", 1, SHORT, CAT)).plain
    done = await replies(ready, "/mark", 1, SHORT, who)
    await ready.settle()

    assert done.plain == "👀 That is answer 2 to “How do I cancel a task in asyncio?” now, by Bob."
    assert done.subject == "answer:2"
    assert await balances(ready, BOB) == [105]
    assert [each.message for each in recorder.effects if isinstance(each, React)] == ["1"]
    assert (await replies(ready, "/mark", 1, SHORT, who)).plain == "That is answer 2 already."
    await ready.absorb([edited(1, "Use asyncio.timeout.")])
    assert [each.body for each in await answers(ready)] == ["Use asyncio.timeout."]
    await proven(ready)


async def test_back_and_forth(ready: Core) -> None:
    """As often as they change their mind; each time it is a new answer, and the last state is paid."""
    await ready.absorb([replied(1, LONG)])
    for _ in range(3):
        assert "is a comment now" in (await replies(ready, "/comment", 1, LONG, ANN)).plain
        assert (
            await replies(ready, "/comment", 1, LONG, ANN)
        ).plain == "That is not an answer, so there is nothing to change."
        assert "That is answer" in (await replies(ready, "/mark", 1, LONG, ANN)).plain

    assert (len(await answers(ready)), await comments(ready)) == (1, 0)
    assert await balances(ready, BOB) == [105]
    await proven(ready)


async def test_what_cannot_be_marked(ready: Core) -> None:
    """No message, an unrelated one, one without an author or words; and none for a closed question."""
    await ready.absorb([posted(8, BOB), replied(1, SHORT)])
    refusals = [
        await says(ready, "/mark"),
        await says(ready, "/comment"),
        await replies(ready, "/mark", 8, SHORT, ANN),
        await replies(ready, "/comment", 8, SHORT, ANN),
        await replies(ready, "/mark", 1, SHORT, ANN, None),
        await replies(ready, "/mark", 1, " ", ANN),
    ]
    await says(ready, "/question close 1")
    refusals.append(await replies(ready, "/mark", 1, SHORT, ANN))

    for refused, words in zip(
        refusals,
        [
            "reply to the message you mean", "The number of the answer", "cannot tell which question",
            "That is not an answer", "cannot tell who wrote that", "has no words that I can read",
            "Question 1 is closed",
        ],
        strict=True,
    ):  # fmt: skip
        assert words in refused.plain
    assert await answers(ready) == []


async def test_in_a_thread_anything_can_be_marked(ready: Core) -> None:
    """Even a message we had not heard of; staff may do it too."""
    thread = Spot(NAME, "thread", "thread", "How do I cancel", LOBBY)
    await ready.absorb([ThreadOpened(cause="recorder:thread:1", at=NOON, spot=thread, subject="question:1")])
    line = Line(pieces=("/mark",), replied=Message(f"{NAME}:msg:99", BOB, SHORT))
    refused = await ready.invoke(typed(line, CAT, spot=thread))
    assert "Only its author, the asker and staff" in refused.plain
    await ready.invoke(typed(line, CAT, spot=thread, access=Access.STAFF))

    assert [each.body for each in await answers(ready)] == [SHORT]
