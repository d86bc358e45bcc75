"""The state of a question, in the name of its own place: late, combined, and up to date."""

from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, OpenThread, Retitle
from bot.kit.errors import Later, Refused
from bot.kit.events import EffectRefused, PlaceLost, Said, ThreadOpened
from bot.kit.platform import Delivery
from bot.kit.references import Spot
from models import threads
from models.threads import QuestionPlace
from tests.bot.conftest import home_of
from tests.bot.knowledge.threads.test_following import LONG
from tests.bot.knowledge.threads.test_forums import FORUM, TITLE, inside, post
from tests.bot.purses import ADMIN, meet, rules, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NAME, NOON, SECOND, STAFF, Recorder, chosen, posted

MINUTE = 60 * SECOND
THREAD = Spot(NAME, "q", "thread", f"❓ 1 · {TITLE}", LOBBY)
OPENING = post(1, TITLE, "Nothing I tried worked.")


@pytest.fixture
async def asked(core: Core) -> Core:
    """Ann asked question 1 with a post in #help."""
    await meet(core)
    await core.invoke(chosen("questions watch", ADMIN, access=Access.ADMIN, place=FORUM))
    await core.absorb([OPENING])
    return core


async def passes(core: Core, clock: HandClock, milliseconds: int) -> None:
    await core.pass_time(clock, clock.now() + milliseconds)


def names(recorder: Recorder) -> list[str]:
    return [each.name for each in recorder.effects if isinstance(each, Retitle)]


async def places(core: Core) -> list[QuestionPlace]:
    home = await home_of(core)
    async with core.store.read() as tx:
        return await threads.places_of(tx, home, 1)


async def test_a_post_tells_how_its_question_stands(asked: Core, clock: HandClock, recorder: Recorder) -> None:
    """In every state, and back; before the title that its author gave it."""
    await passes(asked, clock, 10 * SECOND)
    assert names(recorder) == [f"❓ {TITLE}"]
    await asked.absorb([inside(2, LONG, OPENING)])
    await passes(asked, clock, 5 * MINUTE)
    for line in (
        "/vote 2",
        "/accept 2",
        "/question close 1",
        "/question reopen 1",
        "/unaccept 2",
        "/retract 2",
        "/question delete 1",
    ):
        await says(asked, line, BOB if line.startswith("/retract") else CAT if line.startswith("/vote") else ANN)
        await passes(asked, clock, 5 * MINUTE)

    assert names(recorder) == [f"{mark}{TITLE}" for mark in ("❓ ", "💬 ", "✅ ", "🔒 ", "✅ ", "💬 ", "❓ ", "")]


async def test_the_same_as_another(asked: Core, clock: HandClock, recorder: Recorder) -> None:
    """This state is shown too, until it is taken back."""
    await says(asked, "/ask Where is the tea kept?", BOB)
    await says(asked, "/question duplicate 1 2")
    await passes(asked, clock, MINUTE)
    await says(asked, "/question reopen 1")
    await passes(asked, clock, 5 * MINUTE)

    assert names(recorder) == [f"🔁 {TITLE}", f"❓ {TITLE}"]


async def test_what_changes_together_is_told_together(asked: Core, clock: HandClock, recorder: Recorder) -> None:
    """The first change is shown soon, later ones five minutes after, as they stand then; undone changes never."""
    await asked.absorb([inside(2, LONG, OPENING), inside(3, LONG, OPENING, CAT)])
    await says(asked, "/vote 2", CAT)
    await passes(asked, clock, 9 * SECOND)
    assert names(recorder) == []
    await passes(asked, clock, SECOND)
    assert names(recorder) == [f"💬 {TITLE}"]

    for _ in range(20):
        await says(asked, "/accept 2")
        await says(asked, "/unaccept 2")
    await passes(asked, clock, 5 * MINUTE)
    assert names(recorder) == [f"💬 {TITLE}"]
    await says(asked, "/accept 2")
    await says(asked, "/question close 1")
    await passes(asked, clock, 4 * MINUTE)
    assert names(recorder) == [f"💬 {TITLE}"]
    await passes(asked, clock, MINUTE)
    assert names(recorder) == [f"💬 {TITLE}", f"🔒 {TITLE}"]


async def test_a_thread_follows_its_question(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """We named it, so it follows; a name given by somebody later stays, and so does that of a chat or channel."""
    await meet(core)
    await core.absorb([ThreadOpened(cause="recorder:thread:q", at=NOON, spot=THREAD, subject="question:1")])
    await says(core, f"/ask {TITLE}")
    await passes(core, clock, MINUTE)
    assert names(recorder) == []
    await says(core, "/question edit 1 How do I stop a task?")
    await passes(core, clock, 5 * MINUTE)
    assert names(recorder) == ["❓ 1 · How do I stop a task?"]

    renamed = replace(THREAD, name="Stopping tasks")
    await core.absorb([replace(inside(2, LONG, OPENING), spot=renamed)])
    await says(core, "/vote 2", CAT)
    await passes(core, clock, 5 * MINUTE)
    assert names(recorder)[1:] == ["💬 Stopping tasks"]


async def test_it_was_answered_before_its_thread_was_there(core: Core, clock: HandClock, recorder: Recorder) -> None:
    """The thread has the state of the moment it was owed, and soon the present one."""
    recorder.abilities = replace(recorder.abilities, threads=True)
    core.plug(recorder)
    await meet(core)
    await says(core, f"/ask {TITLE}")
    await core.absorb([Said(cause="recorder:msg:q", at=NOON, spot=LOBBY, subject="question:1", message="q")])
    await says(core, f"/answer 1 {LONG}", BOB)
    await core.settle()
    (owed,) = [each for each in recorder.effects if isinstance(each, OpenThread)]
    await core.absorb([ThreadOpened(cause="recorder:thread:q", at=NOON, spot=THREAD, subject=owed.subject)])
    await passes(core, clock, MINUTE)

    assert (owed.name, names(recorder)) == (f"❓ 1 · {TITLE}", [f"💬 1 · {TITLE}"])


async def test_where_no_marks_are_wanted(asked: Core, clock: HandClock, recorder: Recorder) -> None:
    """Nothing is renamed, not even what was planned; switched on again, the next change is shown."""
    await rules(asked, "/settings set threads.marks off")
    await passes(asked, clock, MINUTE)
    await says(asked, "/question close 1")
    await passes(asked, clock, 5 * MINUTE)
    assert names(recorder) == []

    await rules(asked, "/settings set threads.marks on")
    await says(asked, "/question reopen 1")
    await passes(asked, clock, 5 * MINUTE)
    assert names(recorder) == [f"❓ {TITLE}"]


async def test_what_was_deleted_is_forgotten(asked: Core, clock: HandClock, recorder: Recorder) -> None:
    """Nothing is renamed any more; the question goes on."""
    assert len(await places(asked)) == 1
    await asked.absorb([PlaceLost(cause="recorder:lost:thread1", at=NOON, spot=OPENING.spot)])
    assert await places(asked) == []
    await says(asked, "/question close 1")
    await passes(asked, clock, 10 * MINUTE)

    assert names(recorder) == []
    assert "Closed." in (await says(asked, "/question show 1")).plain


@pytest.mark.parametrize(("reason", "left"), [("place_gone", 0), ("no_titles", 1), ("missing_permission", 1)])
async def test_a_no_is_final(asked: Core, clock: HandClock, recorder: Recorder, reason: str, left: int) -> None:
    """It is not tried again; a place that is gone is forgotten, and any other is renamed at the next change."""

    def answer(delivery: Delivery) -> Exception | None:
        return Refused(reason) if isinstance(delivery.effect, Retitle) else None

    recorder.answer = answer
    await passes(asked, clock, 60 * MINUTE)
    assert len([each for each in recorder.tried if isinstance(each.effect, Retitle)]) == 1
    assert len(await places(asked)) == left

    recorder.answer = lambda _: None
    await says(asked, "/question close 1")
    await passes(asked, clock, MINUTE)
    assert names(recorder) == [f"🔒 {TITLE}"][:left]


async def test_a_place_that_may_come_back(asked: Core) -> None:
    """Where we were removed from the whole server, nothing is forgotten."""
    await asked.absorb([PlaceLost(cause="recorder:lost:forum", at=NOON, spot=FORUM)])
    (there,) = await places(asked)
    refused = EffectRefused(
        cause="refused:1",
        at=NOON,
        home=await home_of(asked),
        effect="Retitle",
        reason="place_gone",
        place_id=there.place_id,
    )
    await asked.absorb([refused])

    assert await places(asked) == [there]


async def test_staff_are_told_once(asked: Core, clock: HandClock, recorder: Recorder) -> None:
    """Once for all posts of a forum, with what to allow."""

    def answer(delivery: Delivery) -> Exception | None:
        return Refused("no_titles") if isinstance(delivery.effect, Retitle) else None

    recorder.answer = answer
    await asked.absorb([posted("here", ADMIN, spot=STAFF)])
    await rules(asked, "/settings set community.staff_place staff")
    await asked.absorb([post(2, "Where is the tea kept?", "I looked everywhere.", BOB)])
    await passes(asked, clock, 10 * MINUTE)

    told = [each for each in recorder.said if "name a thread" in each]
    assert len(told) == 1
    assert "Let me manage threads (on Discord) or topics (on Telegram)" in told[0]


async def test_a_name_that_has_to_wait(asked: Core, clock: HandClock, recorder: Recorder) -> None:
    """The newest name follows it, in order."""
    recorder.answer = lambda each: (
        Later(600) if isinstance(each.effect, Retitle) and clock.now() < NOON + MINUTE else None
    )
    await passes(asked, clock, 20 * SECOND)
    await says(asked, "/question close 1")
    await passes(asked, clock, 20 * MINUTE)

    assert names(recorder) == [f"❓ {TITLE}", f"🔒 {TITLE}"]
