"""A message becomes a question in its own words, and its author is the asker."""

from dataclasses import replace

import pytest

from bot.core.core import Core
from bot.kit import Access, Reply, Tell
from bot.kit.events import MemberLeft
from bot.kit.invocation import Line
from bot.kit.references import Message, Person
from bot.knowledge.questions.rules import BODY
from models import questions
from models.questions import Question
from tests.bot.conftest import home_of
from tests.bot.knowledge.threads.test_following import deleted, edited
from tests.bot.purses import ADMIN, balances, id_of, meet, presses, proven, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NAME, NOON, Recorder, posted, typed

TEXT = "How do I cancel a task in asyncio?\nIt never ends.\n```\nawait task\n```\n#python"


def said(text: str, who: Person | None = ANN, number: int = 7) -> Message:
    return Message(f"{NAME}:msg:{number}", who, text)


async def quotes(core: Core, message: Message, who: Person = ANN, words: str = "") -> Reply:
    """Replies to it with /ask, and with these words."""
    access = Access.ADMIN if who is ADMIN else Access.MEMBER
    return await core.invoke(typed(Line(pieces=(f"/ask {words}".strip(),), replied=message), who, access=access))


async def asked(core: Core, number: int = 1) -> Question | None:
    home = await home_of(core)
    async with core.store.read() as tx:
        return await questions.question(tx, home, number)


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points."""
    await meet(core)
    return core


async def test_its_author_asks(ready: Core) -> None:
    """The first line is the title, hashtags are tags; asking earns as always."""
    reply = await quotes(ready, said(TEXT))

    assert reply.plain.startswith("❓ 1 · How do I cancel a task in asyncio?\nIt never ends.\nawait task\nAnn asks.")
    found = await asked(ready)
    assert found
    assert (found.asker_id, found.tags, found.state) == (await id_of(ready, ANN), "python", "open")
    assert await balances(ready, ANN) == [102]
    await proven(ready)


async def test_staff_ask_for_its_author(ready: Core, recorder: Recorder) -> None:
    """The author earns for it and is told."""
    reply = await quotes(ready, said(TEXT), ADMIN)
    await ready.settle()

    assert "Ann asks." in reply.plain
    assert await balances(ready, ANN) == [102]
    (told,) = [each.effect for each in recorder.done if isinstance(each.effect, Tell)]
    assert told.member == await id_of(ready, ANN)
    assert told.reply.plain.startswith("Staff made your message question 1")
    await proven(ready)


async def test_staff_are_shown_what_was_asked_before(ready: Core) -> None:
    """And ask anyway, still for the author."""
    await says(ready, "/ask How do I cancel a task in asyncio?", CAT)

    offer = await quotes(ready, said(TEXT), ADMIN)
    assert "does one of these have the answer?" in offer.plain
    assert "no question" in (await says(ready, "/question post 2", BOB)).plain
    await presses(ready, offer, 1, ADMIN)

    found = await asked(ready, 2)
    assert found
    assert (found.asker_id, found.state) == (await id_of(ready, ANN), "open")


async def test_words_of_ones_own_come_first(ready: Core) -> None:
    """A member who replies with a question asks that one; the message is not theirs to ask."""
    reply = await quotes(ready, said(TEXT), BOB, "Why does it never end?")

    assert reply.plain.startswith("❓ 1 · Why does it never end?\nBob asks.")


async def test_who_replies_to_it_answers(ready: Core) -> None:
    """From then on the message belongs to its question."""
    await quotes(ready, said(TEXT))
    text = "```\ntask.cancel()\n``` ends it, if you await it."
    answer = replace(posted(8, BOB, at=NOON, about=7), text=text, length=len(text), message="8")

    await ready.absorb([answer])
    await says(ready, "/vote 2 up", CAT)

    found = await asked(ready)
    assert found
    assert found.state == "answered"


async def test_it_follows_its_message(ready: Core) -> None:
    """It has the words of the message; words that say nothing change nothing, and drafts follow too."""
    await quotes(ready, said(TEXT))
    await says(ready, "/ask Why does a cancelled task never end?", CAT)

    await ready.absorb([edited(7, "How do I cancel a task in trio?\nIt never ends. #trio")])
    await ready.absorb([edited(7, "🔥")])

    found = await asked(ready)
    assert found
    assert (found.title, found.body) == ("How do I cancel a task in trio?", "It never ends.")
    assert (found.tags, found.state) == ("python trio", "open")
    assert "How do I cancel a task in trio?" in (await says(ready, "/find trio", BOB)).plain


@pytest.mark.parametrize(
    ("who", "state", "balance"), [(None, "deleted", 100), (ANN, "deleted", 100), (BOB, "answered", 102)]
)
async def test_it_goes_with_its_message(ready: Core, who: Person | None, state: str, balance: int) -> None:
    """With what asking earned, unless somebody else has answered."""
    await ready.absorb([posted(7)])
    await quotes(ready, said(TEXT))
    if who:
        await says(ready, "/answer 1 Call `task.cancel()` and await it.", who)

    for _ in range(2):
        await ready.absorb([deleted(7)])

    found = await asked(ready)
    assert found
    assert (found.state, await balances(ready, ANN)) == (state, [balance])
    await proven(ready)


@pytest.mark.parametrize("text", ["", "?", "🔥", "```\nawait task\n```", "\u200b\u202e", "@"])
async def test_what_says_nothing_is_refused(ready: Core, text: str) -> None:
    """A picture without words too; nothing is stored."""
    assert "say in a few words what it is about." in (await quotes(ready, said(text))).plain
    assert await asked(ready) is None


async def test_a_long_message(ready: Core) -> None:
    """Its beginning is the title, and what is too long for a question is left out."""
    await quotes(ready, said("Why does it never end? " + "x" * 5000))

    found = await asked(ready)
    assert found
    assert found.title == "Why does it never end?"
    assert len(found.body) == BODY


async def test_who_cannot_be_asked_for(ready: Core) -> None:
    """A bot, a channel, or a member who left; nor may members ask for one another."""
    robot = Person(NAME, "4711", "Robot", "robot", bot=True)
    await ready.absorb([MemberLeft(cause="gone", at=NOON, who=CAT, spot=LOBBY)])
    for who in (robot, None, CAT):
        assert "I cannot tell who asks there" in (await quotes(ready, said(TEXT, who), ADMIN)).plain

    assert "Only its author and staff can make it a question" in (await quotes(ready, said(TEXT), BOB)).plain
    assert await asked(ready) is None


async def test_once(ready: Core) -> None:
    """A message that is a question is not asked again, until the question is deleted."""
    await quotes(ready, said(TEXT))
    assert (await quotes(ready, said(TEXT))).plain == "That is part of question 1 already."

    await says(ready, "/question delete 1")
    assert (await quotes(ready, said(TEXT))).plain.startswith("❓ 2 ·")


async def test_without_words_or_message(ready: Core) -> None:
    """Then the title is asked for, as always."""
    reply = await says(ready, "/ask")

    assert reply.so_far == "/ask"
    assert "/ask How do I cancel a task" in reply.plain
