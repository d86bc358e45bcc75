"""What an export reads from a community with some history."""

from collections.abc import Sequence

import pytest

from bot.core.core import Core
from bot.host import export as exporting
from bot.kit.setting import Settings
from bot.kit.texts import Spoken
from bot.knowledge.archive.views import PublishedQuestion
from models import questions
from models.communities import find_places
from models.questions import Question
from models.store import Store
from tests.bot.conftest import home_of
from tests.bot.purses import id_of, meet, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NAME, NOON, posted


async def published(core: Core, *, everything: bool = False) -> list[Sequence[PublishedQuestion]]:
    """What is published, page by page."""
    spoken = Spoken(core.catalogue, "en")
    home = await home_of(core)
    return [page async for page in exporting.published(core.store, home, spoken, Settings({}), everything=everything)]


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann asked, Bob and Cat answered, Ann accepted Bob's answer."""
    await meet(core)
    await says(core, "/ask How do I cancel a task, bob?\nAnn wonders.")
    await says(core, "/answer 1 Call task.cancel(), @ann. Yours, Bob", BOB)
    await says(core, "/answer 1 As Bob says.", CAT)
    await says(core, "/accept 2")
    return core


async def only(core: Core) -> PublishedQuestion:
    (page,) = await published(core)
    (question,) = page
    return question


async def test_without_a_word_nobody_is_named(ready: Core) -> None:
    """Neither as an author nor in a text."""
    found = await only(ready)

    assert (found.title, found.text) == ("How do I cancel a task, a member?", "a member wonders.")
    texts = ["Call task.cancel(), a member. Yours, a member", "As a member says."]
    assert [each.text for each in found.answers] == texts
    assert {found.author, *(each.author for each in found.answers)} == {None}


async def test_whoever_consents_is_named(ready: Core) -> None:
    """Until they take it back: the next export does not name them."""
    await says(ready, "/consent named", BOB)

    found = await only(ready)
    assert found.title == "How do I cancel a task, bob?"
    assert [each.author for each in found.answers] == ["Bob", None]
    assert found.answers[0].text == "Call task.cancel(), a member. Yours, Bob"

    await says(ready, "/consent anonymous", BOB)
    found = await only(ready)
    assert "ob" not in found.title
    assert [each.author for each in found.answers] == [None, None]


async def test_whoever_wants_is_left_out(ready: Core) -> None:
    """Only the answer; or a question with everything in it."""
    await says(ready, "/consent none", CAT)
    assert [each.number for each in (await only(ready)).answers] == [2]

    await says(ready, "/consent none", BOB)
    assert await published(ready) == [[]]
    await says(ready, "/consent named", BOB)
    await says(ready, "/consent none", ANN)
    assert await published(ready) == [[]]


async def test_only_what_is_solved_is_published(ready: Core) -> None:
    """Unless answered questions are asked for too; open or closed ones never are."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/answer 4 In the kitchen.", BOB)
    await says(ready, "/ask Who has seen the kettle?")
    await says(ready, "/ask When do we meet again?")
    await says(ready, "/answer 7 On Sunday.", BOB)
    await says(ready, "/question close 7")

    assert [each.number for page in await published(ready) for each in page] == [1]
    assert [each.number for page in await published(ready, everything=True) for each in page] == [1, 4]


async def test_names_are_those_of_today(ready: Core) -> None:
    """Also names of members who only ever wrote a message."""
    dan = CAT.__class__(CAT.platform, "555777", "Daniela", "dani_x")
    await ready.absorb([posted("d", dan)])
    await says(ready, "/answer 1 Daniela and dani_x (555777) know better.", CAT)

    assert (await only(ready)).answers[-1].text == "a member and a member (a member) know better."


async def test_an_archive_is_read_in_pages(core: Core, store: Store) -> None:
    """A thousand questions are never in memory at once, and each comes once, in order."""
    await meet(core)
    home, ann, bob = await home_of(core), await id_of(core, ANN), await id_of(core, BOB)
    async with store.write() as tx:
        (lobby,) = await find_places(tx, [(NAME, LOBBY.id)])
        for number in range(1, 1001):
            asked = Question(
                community_id=home, number=number, id=number, asker_id=ann, place_id=lobby.id,
                title=f"Question {number}", body="", tags="", asked_at=NOON, state="answered",
            )  # fmt: skip
            await questions.put_question(tx, asked)
            answer = questions.Answer(
                community_id=home, number=number + 1000, question=number, author_id=bob, body="Yes.", answered_at=NOON
            )
            await questions.put_answer(tx, answer)

    pages = await published(core, everything=True)

    assert [len(page) for page in pages] == [exporting.PAGE] * 5
    assert [each.number for page in pages for each in page] == list(range(1, 1001))
    assert await published(core, everything=True) == pages
