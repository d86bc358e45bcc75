"""A member who asks for the first time is told, once and in private, what would help."""

from dataclasses import replace

import pytest

from bot.core.core import Core
from bot.kit import Reply, Tell
from bot.kit.invocation import Line
from bot.kit.references import Message, Spot
from models import questions
from tests.bot.conftest import home_of
from tests.bot.purses import id_of, meet, presses, rules, says
from tests.bot.recorder import ANN, BOB, HOME, NAME, Recorder, posted, typed


@pytest.fixture
async def ready(core: Core) -> Core:
    await meet(core)
    return core


async def coached(core: Core, recorder: Recorder) -> list[Reply]:
    await core.settle()
    ann = await id_of(core, ANN)
    told = [each.reply for each in recorder.effects if isinstance(each, Tell) and each.member == ann]
    return [each for each in told if "Thank you for your first question" in each.plain]


async def test_a_first_question_is_coached(ready: Core, recorder: Recorder) -> None:
    """It is posted all the same; an edit keeps options that are left out, and nothing more is said."""
    assert "Ann asks." in (await says(ready, "/ask It does not work\nThe kettle shows an error. #tea")).plain

    (told,) = await coached(ready, recorder)
    thanks, *advice = told.plain.splitlines()
    assert thanks.startswith("Thank you for your first question, 1 (It does not work). It is posted.")
    assert advice == [
        "• Say in the title what you want to do, and with what. People who know it look for its name.",
        "• Show the code and the error message as text, between two lines of ```: then others can try it.",
    ]
    assert [button.line for button in told.buttons] == ["/question edit 1", "/question show 1"]
    assert "now asks: Why" in (await says(ready, "/question edit 1 Why does the kettle not boil?")).plain
    shown = (await presses(ready, told, 1)).plain
    assert "Why does the kettle not boil?" in shown
    assert "The kettle shows an error." in shown
    await says(ready, "/ask help me please")
    assert len(await coached(ready, recorder)) == 1


async def test_a_good_question_is_not(ready: Core, recorder: Recorder) -> None:
    """Nor is the next one, however it is asked."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/question delete 1")
    await says(ready, "/ask help me please")

    assert await coached(ready, recorder) == []


async def test_only_earlier_questions_count(ready: Core) -> None:
    """A question asked afterwards does not make the first one any less the first."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/ask How does one open a window here?")

    home = await home_of(ready)
    async with ready.store.read() as tx:
        first, second = [await questions.question(tx, home, number) for number in (1, 2)]
        assert first is not None
        assert second is not None
        assert not await questions.asked_before(tx, first)
        assert await questions.asked_before(tx, second)


async def test_it_can_be_switched_off(ready: Core, recorder: Recorder) -> None:
    """Then nobody is coached."""
    await rules(ready, "/settings set coaching.first off")
    await says(ready, "/ask help me please")

    assert await coached(ready, recorder) == []


async def test_a_picture_is_noticed(ready: Core, recorder: Recorder) -> None:
    """In a message that becomes a question, by its author or by staff."""
    picture = Message(f"{NAME}:msg:7", ANN, "What does this screen mean?", pictured=True)
    await ready.invoke(typed(Line(pieces=("/ask",), replied=picture)))

    (told,) = await coached(ready, recorder)
    assert "Write out the words that the picture shows" in told.plain


async def test_a_picture_in_a_forum_post(ready: Core, recorder: Recorder) -> None:
    """As a forum post begins."""
    forum = Spot(NAME, "forum", "channel", "help", HOME)
    await ready.absorb([posted("f", BOB, spot=forum)])
    await rules(ready, "/questions watch forum")
    post = Spot(NAME, "post", "thread", "What does this screen mean?", forum)
    await ready.absorb([replace(posted(9, ANN, spot=post), opens=True, pictured=True, message="9")])

    (told,) = await coached(ready, recorder)
    assert "Write out the words that the picture shows" in told.plain
