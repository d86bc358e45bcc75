"""People without a part in it review each report and decide it once, and again after an appeal."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.kit import Access, Post, Reply, Tell
from bot.kit.invocation import Line
from bot.kit.references import Message, Person
from models import questions
from models.questions import Answer
from tests.bot.conftest import home_of
from tests.bot.purses import ADMIN, balances, meet, presses, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, DAY, NAME, STAFF, Recorder, chosen, person, posted, typed

DORA, EVE = person("dora"), person("eve")


@pytest.fixture
async def ready(core: Core) -> Core:
    """Ann asked question 1, Bob answered it with 2, which was accepted; Dora and Eve review."""
    await meet(core)
    await core.absorb([posted("d", DORA), posted("e", EVE)])
    await says(core, "/ask How do I cancel a task in asyncio?")
    await says(core, "/answer 1 Buy my watches", BOB)
    await says(core, "/accept 2")
    for each in ("dora", "eve"):
        await rules(core, f"/reviewer add @{each}")
    return core


async def told(core: Core, recorder: Recorder, since: int = 0) -> list[str]:
    await core.settle()
    return [each.effect.reply.plain for each in recorder.done[since:] if isinstance(each.effect, Tell)]


async def answer(core: Core, number: int = 2) -> Answer:
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await questions.answer(tx, home, number)
    assert found
    return found


async def removed(core: Core) -> None:
    """In case 3 Cat reported the answer, and Dora removed it."""
    await says(core, "/report spam 2 he sells watches", CAT)
    await says(core, "/review decide 3 remove It is an advertisement.", DORA)


async def test_reviewing_is_for_reviewers(ready: Core) -> None:
    """Only reviewers and staff learn that a case waits, and see the commands for it."""
    await says(ready, "/report spam 2", ANN)
    typing = chosen("review show", CAT, case="")
    refused = "Reviewers and staff do this. An administrator can name you one with /reviewer add."

    assert await ready.suggest(typing, "case") == []
    for each in (replace(typing, author=DORA), chosen("review show", CAT, access=Access.STAFF, case="")):
        assert [case.value for case in await ready.suggest(each, "case")] == ["3"]
    for line in ("/review list", "/review show", "/review decide 3 keep", "/help review", "/help review list"):
        reply = await says(ready, line, CAT)
        assert (reply.plain, reply.buttons) == (refused, ())
    for line in ("/help", "/review", "/review lst"):
        assert "/review " not in (await says(ready, line, CAT)).plain
        assert "/review list" in (await says(ready, line, DORA)).plain
    assert await ready.suggest(chosen("help", CAT, command="review "), "command") == []
    assert "/review list" in (await says(ready, "/help review", DORA)).plain


async def test_what_reviewers_see(ready: Core, clock: HandClock) -> None:
    """They see the words and what others say about them, and nothing that decides for them."""
    thanks = await says(ready, "/report spam 2 he sells watches", CAT)
    clock.move(clock.now() + 1)
    await says(ready, "/report rude 2", ANN)
    listed = await says(ready, "/review list", DORA)
    shown = await presses(ready, listed, 0, DORA)

    assert (thanks.private, "I will tell you the result" in thanks.plain) == (True, True)
    assert "3 an answer · 2 reports" in listed.plain
    assert shown.plain.splitlines() == [
        "Case 3",
        "Answer 2 to question 1, by Bob:",
        "Buy my watches",
        "• Cat: spam.",
        "  “he sells watches”",
        "• Ann: rude.",
    ]
    assert [each.label for each in shown.buttons] == ["I look at 3", "Keep it", "Warn the author", "Take it down"]


async def test_what_is_taken_down_is_gone(ready: Core, recorder: Recorder) -> None:
    """Its points go too; the author and the reporter are each told what concerns them."""
    before = await balances(ready, BOB)
    assert "How do I cancel" in (await says(ready, "/find watches", CAT)).plain
    await removed(ready)

    assert (await answer(ready)).deleted_at is not None
    assert await balances(ready, BOB) == [before[0] - 20]
    heard = await told(ready, recorder)
    (author,) = [each for each in heard if each.startswith("Something of yours was reported")]
    assert "Buy my watches\nWhy: It is an advertisement.\nDoes that seem wrong? Within 30 days" in author
    assert "What you reported was looked at, and taken down. Thank you for looking after this place." in heard
    assert "How do I cancel" not in (await says(ready, "/find watches", CAT)).plain
    await proven(ready)


async def test_an_objection_that_holds(ready: Core, recorder: Recorder) -> None:
    """Another reviewer decides the appeal, and everything comes back as it was, once."""
    before = await balances(ready, ANN, BOB)
    await removed(ready)

    await says(ready, "/appeal 3 They are my own and were asked for", BOB)
    assert "You decided case 3." in (await says(ready, "/review overturn 3", DORA)).plain
    shown = await says(ready, "/review show 3", EVE)
    assert "It was taken down. It is an advertisement." in shown.plain
    assert "Its author objects: They are my own and were asked for" in shown.plain
    await presses(ready, shown, 2, EVE)

    back = await answer(ready)
    assert (back.deleted_at, back.accepted_at is not None) == (None, True)
    assert await balances(ready, ANN, BOB) == before
    assert "Case 3 is decided." in (await says(ready, "/review overturn 3", EVE)).plain
    assert await balances(ready, ANN, BOB) == before
    assert any("you were right" in each for each in await told(ready, recorder))
    await proven(ready)


async def test_what_its_author_took_back_stays_so(ready: Core, clock: HandClock) -> None:
    """The author had deleted it before, so the overturned case does not bring it back."""
    await says(ready, "/report spam 2", CAT)
    await says(ready, "/retract 2", BOB)
    clock.move(clock.now() + DAY)
    await says(ready, "/review decide 3 remove", DORA)
    await says(ready, "/appeal 3 It was mine", BOB)
    await says(ready, "/review overturn 3", EVE)

    assert (await answer(ready)).deleted_at is not None


async def test_an_objection_that_does_not(ready: Core, clock: HandClock) -> None:
    """A rejected appeal is the only one."""
    await removed(ready)
    await says(ready, "/appeal 3 No!", BOB)
    await says(ready, "/review uphold 3", EVE)

    assert "You objected in case 3 before." in (await says(ready, "/appeal 3 Please!", BOB)).plain
    assert (await answer(ready)).deleted_at is not None
    clock.move(clock.now() + 31 * DAY)
    assert "no decision with that number" in (await says(ready, "/appeal 3 No!", CAT)).plain


async def test_a_question_comes_back(ready: Core) -> None:
    """The question comes back solved, as it was."""
    before = await balances(ready, ANN)
    await says(ready, "/report off-topic 1", CAT)
    await says(ready, "/review decide 3 remove", DORA)
    assert "no question" in (await says(ready, "/question show 1", CAT)).plain
    assert await balances(ready, ANN) == [before[0] - 2]

    await says(ready, "/appeal 3 It is about this very place", ANN)
    await says(ready, "/review overturn 3", EVE)

    assert "How do I cancel a task" in (await says(ready, "/question show 1", CAT)).plain
    assert await balances(ready, ANN) == before
    await proven(ready)


async def test_what_was_kept_can_be_reported_again(ready: Core, recorder: Recorder) -> None:
    """It gets another number; its author hears nothing of it."""
    await says(ready, "/report wrong 2", CAT)
    await says(ready, "/review decide 3 keep", DORA)
    assert not any("Something of yours" in each for each in await told(ready, recorder))

    await says(ready, "/report wrong 2", CAT)
    shown = await says(ready, "/review show 4", DORA)
    assert "0 of their 1 earlier report was upheld." in shown.plain


async def test_a_warning(ready: Core, recorder: Recorder) -> None:
    """The words stay; the next reviewer sees the warning."""
    await says(ready, "/report rude 2", CAT)
    await says(ready, "/review decide 3 warn Please be kind.", DORA)
    assert (await answer(ready)).deleted_at is None
    assert any("asks you to be careful" in each for each in await told(ready, recorder))

    await says(ready, "/report rude 2", ANN)
    assert "was upheld 1 time before" in (await says(ready, "/review show 4", EVE)).plain


async def test_nobody_judges_their_own(ready: Core) -> None:
    """Nobody judges their own words or their own report; only reviewers and staff judge."""
    await says(ready, "/report spam 2", DORA)
    await rules(ready, "/reviewer add @bob")

    assert "You reported it yourself." in (await says(ready, "/review decide 3 remove", DORA)).plain
    assert "It is about something of yours." in (await says(ready, "/review decide 3 keep", BOB)).plain
    assert "Reviewers and staff do this." in (await says(ready, "/review show 3", CAT)).plain
    assert "stays" in (await rules(ready, "/review decide 3 keep")).plain


async def test_two_at_once(ready: Core) -> None:
    """One of two reviewers decides, and nothing happens twice."""
    await says(ready, "/report spam 2", CAT)
    before = await balances(ready, BOB)

    replies = await asyncio.gather(
        says(ready, "/review decide 3 remove", DORA), says(ready, "/review decide 3 remove", EVE)
    )

    assert sorted("is decided: it is down" in each.plain for each in replies) == [False, True]
    assert await balances(ready, BOB) == [before[0] - 20]
    await proven(ready)


async def test_a_claim(ready: Core, clock: HandClock) -> None:
    """A claim keeps others away for a day, unless the reviewer gives it back."""
    await says(ready, "/report spam 2", CAT)
    claimed = await says(ready, "/review claim 3", DORA)
    assert "Dora is looking at case 3." in (await says(ready, "/review decide 3 keep", EVE)).plain
    assert "Dora looks at it" in (await says(ready, "/review list", EVE)).plain

    await presses(ready, claimed, 0, DORA)
    await says(ready, "/review claim 3", EVE)
    clock.move(clock.now() + DAY)
    assert "stays" in (await says(ready, "/review decide 3 keep", DORA)).plain


async def test_staff_are_called(ready: Core, recorder: Recorder) -> None:
    """Staff are called once for each case, where they want it, without the reported words."""
    await ready.absorb([posted("s", ADMIN, spot=STAFF)])
    await rules(ready, "/settings set community.staff_place staff")
    for who in (CAT, ANN):
        await says(ready, "/report spam 2", who)
    await ready.settle()

    posts = [each.effect.reply.plain for each in recorder.done if isinstance(each.effect, Post)]
    assert posts == ["🔎 Something was reported: case 3."]


async def test_reviewers_come_and_go(ready: Core) -> None:
    """Administrators name reviewers."""
    assert (await rules(ready, "/reviewer list")).plain == "Besides staff: Dora, Eve."
    assert "is a reviewer already" in (await rules(ready, "/reviewer add @dora")).plain
    await rules(ready, "/reviewer remove @dora")
    assert "is not a reviewer" in (await rules(ready, "/reviewer remove @dora")).plain
    assert "Reviewers and staff do this." in (await says(ready, "/review list", DORA)).plain
    assert "administrator" in (await says(ready, "/reviewer add @cat", CAT)).plain


async def test_an_answer_beside_others(ready: Core) -> None:
    """Where there are enough other answers the comparison is shown, and called a hint."""
    await rules(ready, "/settings set questions.paid 0")
    for number in range(20):
        await says(ready, f"/answer 1 Another way is number {number}", CAT)
    await says(ready, "/vote 5")
    await says(ready, "/report wrong 5", BOB)

    shown = await says(ready, "/review list", DORA)
    seen = await presses(ready, shown, 0, DORA)

    assert "Compared with other answers here: +" in seen.plain
    assert "a hint, not a verdict" in seen.plain


async def quotes(core: Core, message: Message, line: str, who: Person = CAT) -> Reply:
    return await core.invoke(typed(Line(pieces=(line,), replied=message), who))


async def test_an_ordinary_message(ready: Core, recorder: Recorder) -> None:
    """None of its words are stored; staff delete the message themselves."""
    rude = Message(f"{NAME}:msg:77", BOB, "You marzipan!")
    await quotes(ready, rude, "/report rude he called me something")
    shown = await says(ready, "/review show 3", DORA)
    assert "A message by Bob in #lobby" in shown.plain
    assert "• Cat: rude.\n  “he called me something”" in shown.plain

    assert "Please delete the message now" in (await says(ready, "/review decide 3 remove", DORA)).plain
    assert any("A message of yours was reported" in each for each in await told(ready, recorder))
    async with ready.store.read() as tx:
        rows = [*await tx.all("SELECT * FROM review_case"), *await tx.all("SELECT * FROM report")]
    assert not any("marzipan" in str(value) for row in rows for value in dict(row).values())


async def test_a_message_that_answers(ready: Core) -> None:
    """A message that gives an answer is reported as the answer."""
    text = "Use asyncio.timeout: cancel the task, then await it, so that it can clean up after itself before it ends."
    await quotes(ready, Message(f"{NAME}:msg:q", ANN, "Where is the tea kept?"), "/ask", ANN)
    given = replace(posted("x", CAT, about="q"), text=text, length=len(text), message="x")
    await ready.absorb([given])

    await quotes(ready, Message(given.cause, CAT, text), "/report wrong", BOB)

    listed = await says(ready, "/review list", DORA)
    assert "an answer · 1 report" in listed.plain


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/report spam", "/report spam 12 it sells watches"),
        ("/report spam 99", "there is no question or answer with that number"),
        ("/report spam -1", "no question or answer with that number"),
        ("/report spam 1.5", "whole number"),
        ("/report spam 99999999999999999999", "no question or answer with that number"),
        ("/report nonsense 2", "nonsense"),
    ],
)
async def test_what_cannot_be_reported(ready: Core, line: str, said: str) -> None:
    """One refusal says what to do, and no case is made."""
    assert said in (await says(ready, line, CAT)).plain
    assert (await says(ready, "/review list", DORA)).plain == "Nothing waits. All is well."


async def test_who_cannot_be_reported(ready: Core) -> None:
    """Members cannot report themselves, a bot, nobody in particular, or what is gone."""
    robot = Person(NAME, "4711", "Robot", "robot", bot=True)
    assert "That is your own." in (await says(ready, "/report spam 2", BOB)).plain
    for who in (robot, None):
        assert "I cannot tell who wrote it" in (await quotes(ready, Message("x:1", who), "/report spam")).plain
    await says(ready, "/retract 2", BOB)
    assert "there is no question or answer" in (await says(ready, "/report spam 2", CAT)).plain


async def test_too_many_reports(ready: Core, clock: HandClock) -> None:
    """Each member has a number of reports a day; reporting the same thing again is the same report."""
    await rules(ready, "/settings set reports.daily 1")
    for reason in ("spam", "wrong"):
        assert "Thank you." in (await says(ready, f"/report {reason} 2", CAT)).plain
    assert "You reported 1 thing today." in (await says(ready, "/report spam 1", CAT)).plain
    assert "• Cat: wrong or unsafe." in (await says(ready, "/review show 3", DORA)).plain

    clock.move(clock.now() + DAY + 1)
    assert "Thank you." in (await says(ready, "/report spam 1", CAT)).plain


@pytest.mark.parametrize("name", ["<b>@everyone</b>", "a\u202eb\u200b", "x" * 400])
async def test_hostile_words_do_no_harm(ready: Core, name: str) -> None:
    """Hostile words are shown as they are, and mean nothing."""
    await says(ready, f"/report spam 2 {name}", CAT)
    shown = await says(ready, "/review show 3", DORA)

    assert name[:5] in shown.plain
    assert not any(span.link or span.mention for span in shown.text if name[:5] in span.text)


async def test_access_of_staff(ready: Core) -> None:
    """Moderators review without being named."""
    await says(ready, "/report spam 2", CAT)

    listed = await ready.invoke(typed("/review list", person("mod"), access=Access.STAFF))

    assert "an answer · 1 report" in listed.plain
