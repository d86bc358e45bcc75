"""Questions are asked once, found again, and end as their asker wants."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Tone
from models import questions, text_index
from models.store import Tx
from tests.bot.conftest import home_of
from tests.bot.purses import balances, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, LOBBY, chosen, typed

TASK = "/ask How do I cancel a task in asyncio? #python"


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points; Ann asked one question, number 1."""
    await meet(core)
    await says(core, TASK)
    return core


async def asked(core: Core, number: int) -> questions.Question:
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await questions.question(tx, home, number)
    assert found
    return found


async def test_a_question_is_posted(core: Core) -> None:
    """With its number, its details and a button to answer; asking earns."""
    await meet(core)

    reply = await says(core, f"{TASK[:-8]}\nI `await` it.\n```\ntask.cancel()\n```\n#python")

    assert reply.plain == (
        "❓ 1 · How do I cancel a task in asyncio?\nI await it.\ntask.cancel()\n"
        "Ann asks. Answer with the button, or with /answer.\n#python"
    )
    assert [span.text for span in reply.text if span.code] == ["await", "task.cancel()", "/answer"]
    assert not reply.private
    assert await balances(core, ANN) == [102]
    await proven(core)


async def test_what_was_asked_before_is_shown_first(ready: Core) -> None:
    """Nobody else sees the draft; it is posted once, however often the button is pressed."""
    await says(ready, "/answer 1 Call task.cancel()", BOB)
    await says(ready, "/accept 2")

    offer = await says(ready, "/ask Cancelling asyncio tasks", CAT)

    assert offer.private
    assert offer.plain.endswith("✅ 1 How do I cancel a task in asyncio? · answers: 1\n↳ Call task.cancel()")
    assert [button.label for button in offer.buttons] == ["Yes, 1 answers it", "Ask anyway"]
    assert "no question with that number" in (await says(ready, "/question show 3", BOB)).plain
    assert "no question with that number" in (await presses(ready, offer, 1, BOB)).plain
    posted = await presses(ready, offer, 1, CAT)
    assert posted.plain.startswith("❓ 3 · Cancelling asyncio tasks")
    assert (await presses(ready, offer, 1, CAT)).plain == "Question 3 is posted already."
    assert (await presses(ready, offer, 0, CAT)).plain == "Question 3 is posted already."


async def test_an_earlier_answer_helps(ready: Core) -> None:
    """Then nothing is posted, and the author of that answer can be thanked."""
    await says(ready, "/answer 1 Call task.cancel()", BOB)
    offer = await says(ready, "/ask Cancelling asyncio tasks", CAT)

    glad = await presses(ready, offer, 0, CAT)

    assert glad.tone is Tone.GOOD
    assert (await asked(ready, 3)).state == "deleted"
    await presses(ready, glad, 0, CAT)
    assert await balances(ready, BOB) == [100 + 2 + 3 + 5]


async def test_drafts_are_forgotten(ready: Core, clock: HandClock) -> None:
    """After a day; questions stay."""
    await says(ready, "/ask Cancelling asyncio tasks", CAT)

    await ready.pass_time(clock, clock.now() + 2 * DAY)

    home = await home_of(ready)
    async with ready.store.read() as tx:
        assert await questions.question(tx, home, 2) is None
        assert await questions.question(tx, home, 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/ask", "title: this is missing."),
        ("/ask 🙂", "title: say in a few words what it is about."),
        ("/ask `code()`", "title: say in a few words what it is about."),
        (f"/ask {'x' * 4001}", "title: it must have between 1 and 4,000 characters."),
        ("/answer 1", "text: this is missing."),
        ("/answer 1 👍", "text: say in a few words what it is about."),
        ("/answer 9 Because it is so", "question: there is no question with that number."),
        ("/answer x Because it is so", "question: x is not a whole number."),
        (f"/answer {2**63} Because", "question: there is no question with that number."),
        ("/answer -1 Because it is so", "question: there is no question with that number."),
        ("/answer ٣ Because it is so", "question: ٣ is not a whole number."),
        ("/accept 9", "answer: there is no answer with that number."),
        ("/accept 1", "answer: there is no answer with that number."),
        ("/question show 9", "question: there is no question with that number."),
        ("/question duplicate 1 1", "of: name another question"),
        ("/question reopen 1", "Question 1 is open already."),
        ("/questions mine x", "before: x is not a whole number."),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, said: str) -> None:
    """The member gets one private sentence, and nobody earns."""
    refused = await says(ready, line)

    assert refused.private
    assert refused.tone is Tone.CAREFUL
    assert said in refused.plain
    assert await balances(ready, ANN, BOB) == [102, 100]


async def test_questions_are_asked_where_others_are(core: Core) -> None:
    """Not in private, where nobody would answer."""
    await meet(core)

    private = replace(LOBBY, id="dm", kind="dm", parent=None)

    refused = await core.invoke(typed(TASK, spot=private))

    assert "not in private" in refused.plain


@pytest.mark.parametrize("line", ["close 1", "reopen 1", "duplicate 1 2", "edit 1 Another question", "delete 1"])
async def test_it_is_the_askers_to_decide(ready: Core, line: str) -> None:
    """And staff may; nobody else can."""
    await says(ready, "/ask Where is the tea kept?", CAT)
    if line == "reopen 1":
        await says(ready, "/question close 1")

    assert "Only the asker and staff" in (await says(ready, f"/question {line}", BOB)).plain
    staff = await ready.invoke(typed(f"/question {line}", CAT, access=Access.STAFF))
    assert staff.tone is not Tone.CAREFUL


async def test_a_question_goes_through_its_states(ready: Core) -> None:
    """A question can leave each state again, and takes no answers when it is over."""
    await says(ready, "/ask Where is the tea kept?", CAT)
    for line, state in (
        ("/question close 1", "closed"),
        ("/question duplicate 1 2", "duplicate"),
        ("/question reopen 1", "open"),
        ("/question duplicate 1 2", "duplicate"),
        ("/question close 1", "closed"),
    ):
        await says(ready, line)
        assert (await asked(ready, 1)).state == state

    assert (await says(ready, "/question close 1")).plain == "Question 1 is closed already."
    assert "is closed" in (await says(ready, "/answer 1 In the kitchen", BOB)).plain
    await says(ready, "/question reopen 1")
    await says(ready, "/answer 1 In the kitchen", BOB)
    await says(ready, "/question close 1")
    await says(ready, "/question reopen 1")
    assert (await asked(ready, 1)).state == "answered"


async def test_a_duplicate_points_at_the_first(ready: Core) -> None:
    """However many duplicates lie between, and never at itself."""
    await says(ready, "/ask Where is the tea kept?", ANN)
    await says(ready, "/ask Whose turn is the washing?", ANN)
    await says(ready, "/question duplicate 2 1")

    await says(ready, "/question duplicate 3 2")

    assert (await asked(ready, 3)).same_as == 1
    assert "name another question" in (await says(ready, "/question duplicate 1 2")).plain
    assert "Answer that one" in (await says(ready, "/answer 3 Mine", BOB)).plain


async def test_an_edited_question_is_found_by_what_it_says_now(ready: Core) -> None:
    """And no longer by its earlier words."""
    await says(ready, "/question edit 1 Where do I find good tea?")

    assert "good tea" in (await says(ready, "/find tea", BOB)).plain
    assert "found nothing" in (await says(ready, "/find asyncio", BOB)).plain


async def test_a_deleted_question_is_gone(ready: Core) -> None:
    """With what asking earned; but not when others have answered, since it is no longer the asker's alone."""
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/answer 1 Call task.cancel()", BOB)
    assert "staff can delete it" in (await says(ready, "/question delete 1")).plain

    await says(ready, "/question delete 2")

    assert await balances(ready, ANN) == [102]
    assert "no question with that number" in (await says(ready, "/question show 2")).plain
    assert "found nothing" in (await says(ready, "/find tea", BOB)).plain
    await rules(ready, "/question delete 1")
    assert await balances(ready, ANN, BOB) == [100, 105]
    await proven(ready)


async def test_only_so_many_are_paid(ready: Core) -> None:
    """So many a day: questions and answers together."""
    await rules(ready, "/settings set questions.paid 2")
    await says(ready, "/ask Where is the tea kept?")
    await says(ready, "/ask Whose turn is the washing?")

    assert await balances(ready, ANN) == [104]


async def test_found_by_any_word_the_best_first(ready: Core) -> None:
    """In English and in Chinese, in titles, details, answers and tags; solved questions come first."""
    offer = await says(ready, "/ask 如何取消 asyncio 任务", CAT)
    await presses(ready, offer, 1, CAT)
    await says(ready, "/ask Where is the tea kept?\nThe green one.", CAT)
    await says(ready, "/answer 3 In the 茶室 next door", BOB)

    async def found(words: str) -> list[str]:
        reply = await says(ready, f"/find {words}", BOB)
        return [button.label for button in reply.buttons if button.label.startswith("#")]

    assert await found("asyncio") == ["#1", "#2"]
    assert await found("取消") == ["#2"]
    assert await found("green") == ["#3"]
    assert await found("茶室") == ["#3"]
    assert await found("python") == ["#1"]
    assert await found("cancel the kettle") == ["#1"]
    for words in ('"', "*", "NEAR(", "' OR 1=1 --", "x" * 200, "🙂"):
        assert await found(words) == []
    assert "between 1 and 200 characters" in (await says(ready, "/find " + "取" * 10_000, BOB)).plain
    await says(ready, "/answer 2 task.cancel()，然后等待", BOB)
    await ready.invoke(typed("/accept 5", CAT))
    assert await found("asyncio") == ["#2", "#1"]


async def test_titles_are_suggested(ready: Core) -> None:
    """By number and by words while a member types; drafts are left out."""
    await says(ready, "/ask Cancelling asyncio tasks", CAT)

    for word, expected in (("", ["1"]), ("#1", ["1"]), ("2", []), ("canc", ["1"]), ("tea", [])):
        given = chosen("answer", BOB, question=word)
        assert [choice.value for choice in await ready.suggest(given, "question")] == expected
    shown = await ready.suggest(chosen("find", BOB, words="async"), "words")
    assert [choice.value for choice in shown] == ["#1 · How do I cancel a task in asyncio?"]


async def test_pages_turn(ready: Core) -> None:
    """Newest first, by buttons, with and without a tag."""
    for number in range(12):
        async with ready.store.write() as tx:
            await add(tx, await home_of(ready), await asked(ready, 1), 100 + number)

    first = await says(ready, "/questions unanswered python", BOB)
    assert "111" in first.plain
    second = await presses(ready, first, len(first.buttons) - 1, BOB)
    assert [line.split()[0] for line in second.plain.splitlines()[1:]] == ["101", "100", "1"]
    assert (await says(ready, "/questions unanswered tea", BOB)).plain == "No question waits for an answer."
    mine = await says(ready, "/questions mine")
    assert mine.buttons[-1].label == "Older"


async def test_how_questions_fare(ready: Core, clock: HandClock) -> None:
    """How many were answered by others, the median time, and how many wait."""
    await says(ready, "/ask Where is the tea kept?", CAT)
    await says(ready, "/ask Whose turn is the washing?")
    await says(ready, "/ask Which pan is for fish?")
    await says(ready, "/question delete 4")
    await ready.pass_time(clock, clock.now() + 1200_000)
    await says(ready, "/answer 1 Call `task.cancel()`.", BOB)
    await says(ready, "/accept 5")
    await says(ready, "/answer 3 Mine.")
    await ready.pass_time(clock, clock.now() + 1200_000)
    await says(ready, "/answer 2 In the kitchen.", BOB)

    assert (await says(ready, "/questions stats")).plain.splitlines() == [
        "Question statistics",
        "Asked in the last 30 days: 3",
        "Half of the first answers came within 20 minutes",
        "Answered by somebody else: 2 (67 %)",
        "Solved: 1 (33 %)",
        "Without any answer now: 0",
    ]
    await ready.pass_time(clock, clock.now() + 2 * 86_400_000)
    nothing = "Nothing was asked in the last 1 days. Without any answer now: 0"
    assert (await says(ready, "/questions stats 1")).plain == nothing
    for wrong in ("0", "-1", "366", "1.5", "x"):
        assert (await says(ready, f"/questions stats {wrong}")).tone is Tone.CAREFUL


async def add(tx: Tx, home: int, like: questions.Question, number: int) -> None:
    await questions.put_question(tx, replace(like, community_id=home, number=number, id=number, title=f"No {number}?"))
    await text_index.keep(tx, number, ["no"])


async def test_the_same_message_asks_once(core: Core) -> None:
    """However often it is delivered."""
    await meet(core)
    once = typed(TASK, cause="recorder:update:same")

    await asyncio.gather(*(core.invoke(once) for _ in range(3)))

    home = await home_of(core)
    async with core.store.read() as tx:
        assert await questions.latest(tx, home, 9, ()) == [1]
    assert await balances(core, ANN) == [102]
