"""Members say whether they want to be asked, about what, and when; and see what they may know."""

import pytest

from bot.core.core import Core
from bot.kit import Tone
from tests.bot.purses import meet, presses, rules, says
from tests.bot.recorder import ANN, BOB, CAT


@pytest.fixture
async def ready(core: Core) -> Core:
    """Everybody has 100 points."""
    await meet(core)
    return core


async def test_members_say_what_they_want_to_be_asked(ready: Core) -> None:
    """Options that are left out keep their values, until the member switches it off."""
    assert "I do not ask you" in (await says(ready, "/helper status", BOB)).plain

    begun = await says(ready, "/helper on Python,#AsyncIO，C++ 5", BOB)

    assert (begun.private, begun.tone) == (True, Tone.GOOD)
    assert begun.plain == (
        "I ask you in private about questions that wait for an answer and are about #python #asyncio #c++.\n"
        "At most 5 a day.\nNot between 22:00 and 8:00 in UTC."
    )
    await says(ready, "/timezone Asia/Shanghai", BOB)
    quiet = await says(ready, "/helper quiet 9 17", BOB)
    assert "Not between 9:00 and 17:00 in Asia/Shanghai." in quiet.plain
    assert "At any hour." in (await says(ready, "/helper quiet 9 9", BOB)).plain
    again = await says(ready, "/helper on", BOB)
    assert "#python #asyncio #c++" in again.plain
    assert "At most 5 a day." in again.plain
    await presses(ready, again, 0, BOB)
    stopped = await says(ready, "/helper status", BOB)
    assert "I do not ask you" in stopped.plain
    assert "whatever they are about" in (await presses(ready, stopped, 0, BOB)).plain


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/helper", "/helper needs one more word. Choose one of"),
        ("/helper on 🙂", "tags: name what you know in words"),
        ("/helper on \u202e\u200b", "tags: name what you know in words"),
        ("/helper on a,b,c,d,e,f", "tags: at most 5 tags"),
        (f"/helper on {'x' * 201}", "tags: it must have between 0 and 200 characters"),
        ("/helper on python 0", "daily: it must be between 1 and 20"),
        ("/helper on python -1", "daily: it must be between 1 and 20"),
        ("/helper on python 1.5", "daily: 1.5 is not a whole number"),
        (f"/helper on python {2**63}", "daily: it must be between 1 and 20"),
        ("/helper on python 1e309", "daily: 1e309 is not a whole number"),
        ("/helper on python ٣", "daily: ٣ is not a whole number"),
        ("/helper quiet 22", "end: this is missing"),
        ("/helper quiet 24 8", "start: it must be between 0 and 23"),
        ("/helper quiet 22 -8", "end: it must be between 0 and 23"),
    ],
)
async def test_what_cannot_be_is_refused(ready: Core, line: str, said: str) -> None:
    """The member gets one private sentence, and is asked nothing."""
    refused = await says(ready, line)

    assert (refused.private, refused.tone) == (True, Tone.CAREFUL)
    assert said in refused.plain
    assert "I do not ask you" in (await says(ready, "/helper status")).plain


async def test_members_are_known_by_what_they_answered(ready: Core) -> None:
    """From two accepted answers on; never by answering themselves."""
    for number, title in enumerate(("How do I cancel a task", "Which loop runs my code", "Why does await hang")):
        await says(ready, f"/ask {title}? #asyncio")
        await says(ready, f"/answer {1 + 2 * number} So it is done.", BOB)
        await says(ready, f"/accept {2 + 2 * number}")

    assert "What you answer well: #asyncio" in (await says(ready, "/helper on", BOB)).plain
    assert "What you answer well" not in (await says(ready, "/helper on", CAT)).plain
    assert "What you answer well" not in (await says(ready, "/helper on", ANN)).plain


async def test_questions_that_one_can_answer(ready: Core) -> None:
    """Those like what they answered come before those with their tags; not their own, nor answered ones."""
    await rules(ready, "/settings set questions.paid 0")
    for line in (
        "/ask How do I cancel a task in asyncio? #python",
        "/ask Where is the tea kept? #kitchen",
        "/ask Does a cancelled asyncio task still run? #python",
        "/ask Whose turn is the washing? #household",
    ):
        asked = await says(ready, line)
        if asked.private:
            await presses(ready, asked, len(asked.buttons) - 1)
    await says(ready, "/answer 1 Call task.cancel()", BOB)
    await says(ready, "/accept 5")

    async def forme(line: str = "/questions forme") -> list[str]:
        return [button.label for button in (await says(ready, line, BOB)).buttons]

    assert await forme() == ["#3"]
    await says(ready, "/helper on kitchen", BOB)
    assert await forme() == ["#3", "#2"]
    assert "No waiting question" in (await says(ready, "/questions forme", CAT)).plain
    assert "No waiting question" in (await says(ready, "/questions forme")).plain
    await says(ready, "/answer 3 No, it stops.", CAT)
    assert await forme() == ["#2"]
