"""Where an administrator says so, every forum post and every topic is a question."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.core.core import Core
from bot.kit import Access, Post
from bot.kit.events import Event, MessagePosted
from bot.kit.references import Person, Spot
from models import questions
from models.questions import Question
from tests.bot.conftest import home_of
from tests.bot.knowledge.threads.test_following import LONG, answers, comments, deleted, edited
from tests.bot.purses import ADMIN, balances, meet, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, HOME, NAME, Recorder, chosen, posted

FORUM = Spot(NAME, "forum", "channel", "help", HOME)
TITLE = "How do I cancel a task in asyncio?"


def post(number: int, title: str, text: str, who: Person = ANN) -> MessagePosted:
    """A post that opens a forum thread."""
    spot = Spot(NAME, f"thread{number}", "thread", title, FORUM)
    return replace(posted(number, who, spot=spot), text=text, length=len(text), opens=True, message=str(number))


def inside(number: int, text: str, opening: MessagePosted, who: Person = BOB) -> MessagePosted:
    said = posted(number, who, spot=opening.spot or FORUM)
    return replace(said, text=text, length=len(text), message=str(number))


@pytest.fixture
async def watched(core: Core) -> Core:
    """Posts in #help are questions; only asking and answering earn anything."""
    await meet(core)
    for reason in ("message", "reply", "reaction", "streak", "post"):
        await rules(core, f"/settings set points.{reason} 0")
    done = await core.invoke(chosen("questions watch", ADMIN, access=Access.ADMIN, place=FORUM))
    assert done.plain == "Every new post or topic in help is a question from now on."
    return core


async def asked(core: Core, number: int = 1) -> Question | None:
    home = await home_of(core)
    async with core.store.read() as tx:
        return await questions.question(tx, home, number)


async def test_a_post_is_a_question(watched: Core, recorder: Recorder) -> None:
    """With its title and the words we see; we explain there what counts, and replies belong to it."""
    opening = post(1, TITLE, "Nothing I tried worked. #python")
    await watched.absorb([opening, inside(2, "Which version?", opening), inside(3, LONG, opening)])
    await watched.settle()

    question = await asked(watched)
    assert question
    assert (question.title, question.body, question.tags) == (TITLE, "Nothing I tried worked.", "python")
    assert [each.body for each in await answers(watched)] == [LONG]
    assert await comments(watched) == 2
    assert await balances(watched, ANN, BOB) == [102, 100]
    welcome = next(each for each in recorder.done if isinstance(each.effect, Post))
    assert welcome.place
    assert welcome.place.external_id == "thread1"
    assert recorder.said[0] == (
        "Ann, this is question 1 now. I mark what looks like an answer with 👀. 👍 votes for one; your 👌 accepts it."
    )
    await proven(watched)


async def test_what_was_asked_before_is_shown(watched: Core, recorder: Recorder) -> None:
    """With their accepted answers; the asker can say that it is the same."""
    opening = post(1, TITLE, "")
    await watched.absorb([opening, inside(2, LONG, opening)])
    await says(watched, "/accept 2")
    await watched.absorb([post(3, "Cancelling asyncio tasks", "Please help", CAT)])
    await watched.settle()

    said = next(each for each in recorder.effects if isinstance(each, Post) and "question 3" in each.reply.plain)
    assert f"Asked before, perhaps:\n✅ 1 {TITLE} · answers: 1\n↳ {LONG}" in said.reply.plain
    assert [each.label for each in said.reply.buttons] == ["Same as 1"]
    same = await says(watched, said.reply.buttons[0].line, CAT)
    assert same.plain == "Question 3 (Cancelling asyncio tasks) asks the same as 1."


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("help", TITLE, "help"),
        ("??", TITLE, TITLE),
        ("??", "", None),
        ("👍", "```\nx = 1\n```", None),
        ("\u202etfel", "a", "tfel"),
        (TITLE, "x" * 5000, TITLE),
    ],
)
async def test_titles_that_say_little(watched: Core, title: str, text: str, found: str | None) -> None:
    """The first line replaces them, and a post that says nothing at all is no question."""
    await watched.absorb([post(1, title, text)])

    question = await asked(watched)
    assert (question and question.title) == found
    assert len(question.body if question else "") <= 4000


async def test_a_topic_gets_its_details_later(watched: Core) -> None:
    """It begins with only its name; the asker's first words are its details, unless somebody spoke before."""
    opening = post(1, TITLE, TITLE)
    await watched.absorb([opening])
    first = await asked(watched)
    assert first
    assert first.body == ""
    await watched.absorb([inside(2, "Nothing I tried worked.", opening, ANN), inside(3, "And moreover", opening, ANN)])
    second = post(4, "Where is the tea kept?", "Where is the tea kept?", CAT)
    await watched.absorb([second, inside(5, "Hm?", second), inside(6, "Here I am", second, CAT)])

    one, two = await asked(watched), await asked(watched, 2)
    assert one
    assert two
    assert (one.body, two.body) == ("Nothing I tried worked.", "")


@pytest.mark.parametrize("number", [1, 2])
async def test_details_follow_their_message(watched: Core, number: int) -> None:
    """Whether they came with the post or after it; when they are deleted, the question keeps its title."""
    opening = post(1, TITLE, "It hangs." if number == 1 else "")
    events: Sequence[Event] = [opening] if number == 1 else [opening, inside(2, "It hangs.", opening, ANN)]
    await watched.absorb(events)
    await watched.absorb([edited(number, "It hangs forever.", ANN)])
    question = await asked(watched)
    assert question
    assert question.body == "It hangs forever."

    await watched.absorb([deleted(number)])
    question = await asked(watched)
    assert question
    assert (question.title, question.body, question.state) == (TITLE, "", "open")


async def test_elsewhere_posts_are_posts(watched: Core, recorder: Recorder) -> None:
    """In other forums, by bots, and after a forum is no longer watched."""
    other = replace(FORUM, id="other", name="other")
    stray = post(1, TITLE, "")
    await watched.absorb([replace(stray, spot=replace(stray.spot or FORUM, parent=other))])
    await watched.absorb([post(2, TITLE, "", replace(CAT, id="99", bot=True))])
    await rules(watched, "/questions unwatch #help")
    await watched.absorb([post(3, TITLE, "")])
    await watched.settle()

    assert await asked(watched) is None
    assert recorder.effects == []


async def test_who_may_watch_what(watched: Core) -> None:
    """Administrators may watch a place, once; it must be a forum, not a post in it."""
    assert "Only administrators" in (await says(watched, "/questions watch #help")).plain
    assert (await rules(watched, "/questions watch #help")).plain == "New posts in help are questions already."
    assert (await rules(watched, "/questions unwatch #lobby")).plain == "Posts in #lobby do not become questions."
    await watched.absorb([post(1, TITLE, "")])
    thread = Spot(NAME, "thread1", "thread", TITLE, FORUM)
    within = await watched.invoke(chosen("questions watch", ADMIN, access=Access.ADMIN, place=thread))
    assert "name the forum, or the chat with its topics" in within.plain
