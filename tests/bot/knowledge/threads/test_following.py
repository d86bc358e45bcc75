"""Replies about a question belong to it: as an answer by simple rules, or as a comment."""

from dataclasses import replace

import pytest

from bot.core.core import Core
from bot.kit import Access, Post, React, Tone
from bot.kit.events import MessageDeleted, MessageEdited, MessagePosted, Said
from bot.kit.references import Person
from models import questions, threads
from models.questions import Answer
from tests.bot.conftest import home_of
from tests.bot.purses import balances, meet, proven, rules, says
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NOON, SECOND, Recorder, person, posted, typed

LONG = "Use asyncio.timeout: cancel the task, then await it, so that it can clean up after itself before it ends."


def replied(number: int, text: str, who: Person = BOB, *, to: int | str = "q") -> MessagePosted:
    return replace(posted(number, who, about=to), text=text, length=len(text), message=str(number))


def edited(number: int, text: str, who: Person = BOB, at: int = NOON) -> MessageEdited:
    cause = f"recorder:edit:{number}:{text}"
    about = f"recorder:msg:{number}"
    return MessageEdited(cause=cause, at=at, who=who, spot=LOBBY, about=about, length=len(text), text=text)


def deleted(number: int | str) -> MessageDeleted:
    return MessageDeleted(cause=f"recorder:gone:{number}", at=NOON, spot=LOBBY, about=f"recorder:msg:{number}")


def shown(message: str, subject: str) -> Said:
    return Said(cause=f"recorder:msg:{message}", at=NOON, spot=LOBBY, subject=subject, message=message)


async def answers(core: Core) -> list[Answer]:
    home = await home_of(core)
    async with core.store.read() as tx:
        return [each.answer for each in await questions.answers_of(tx, home, 1)]


async def comments(core: Core) -> int:
    home = await home_of(core)
    async with core.store.read() as tx:
        return await threads.comments(tx, home, 1)


async def state(core: Core) -> str:
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await questions.question(tx, home, 1)
    assert found
    return found.state


async def test_what_was_said_is_heard_of(core: Core, recorder: Recorder) -> None:
    """Members can reply to a question posted by a promise, as to one that was the command's answer."""
    await meet(core)
    await core.absorb([])
    await core.invoke(typed("/ask How do I cancel a task in asyncio?", ANN))
    offer = await core.invoke(typed("/ask How to cancel an asyncio task?", BOB))
    private = replace(LOBBY, id="@bob", kind="dm", parent=None)
    done = await core.invoke(typed(offer.buttons[-1].line, BOB, spot=private))
    await core.settle()

    assert done.plain == "Question 2 (How to cancel an asyncio task?) is posted where you asked it."
    (post,) = [each for each in recorder.done if isinstance(each.effect, Post)]
    assert post.place
    assert (post.place.external_id, post.effect.reply.subject) == (LOBBY.id, "question:2")  # type: ignore[attr-defined]
    home = await home_of(core)
    async with core.store.read() as tx:
        found = await threads.linked(tx, home, ["recorder:msg:ours1"])
    assert found["recorder:msg:ours1"].question == 2


async def test_a_reply_that_surely_answers_is_noted(ready: Core, recorder: Recorder) -> None:
    """The message gets a sign, and the asker is asked whether it helps; until somebody says so, it counts nothing."""
    await ready.absorb([replied(1, LONG)])
    await ready.settle()

    (given,) = await answers(ready)
    assert (given.number, given.body) == (2, LONG)
    assert await state(ready) == "open"
    assert await balances(ready, ANN, BOB) == [102, 100]
    (sign,) = [each for each in recorder.effects if isinstance(each, React)]
    assert (sign.message, sign.emoji) == ("1", "👀")
    (post,) = [each for each in recorder.effects if isinstance(each, Post)]
    assert post.reply.plain == "👀 I noted this as answer 2. Ann, does it help?"
    assert (post.answers, [each.label for each in post.reply.buttons]) == ("1", ["👍 2", "Accept 2", "Not an answer"])
    await says(ready, "/vote 2", CAT)
    assert await state(ready) == "answered"
    assert await balances(ready, ANN, BOB) == [102, 110]
    assert "task.cancel" not in (await says(ready, "/find clean up", CAT)).plain
    assert "1 How do I cancel" in (await says(ready, "/find clean up", CAT)).plain
    await proven(ready)


async def test_the_asker_is_asked_once(ready: Core, recorder: Recorder) -> None:
    """Further answers get only the sign; confirmed, each member is paid once for a question."""
    await ready.absorb([replied(1, LONG), replied(2, f"Moreover: {LONG}"), replied(3, f"Or: {LONG}", CAT, to=1)])
    await ready.settle()

    assert len(await answers(ready)) == 3
    assert len([each for each in recorder.effects if isinstance(each, React)]) == 3
    assert len([each for each in recorder.effects if isinstance(each, Post)]) == 1
    assert await balances(ready, BOB, CAT) == [100, 100]
    for number in (2, 3, 4):
        await says(ready, f"/vote {number}", ANN)
    assert await balances(ready, BOB, CAT) == [115, 107]


@pytest.mark.parametrize(
    "said",
    [
        replied(1, "Which version is that?"),
        replied(1, LONG, ANN),
        replied(1, ""),
    ],
)
async def test_other_replies_are_comments(ready: Core, recorder: Recorder, said: MessagePosted) -> None:
    """Short texts, the asker's additions, and texts that we do not see; we say nothing about them."""
    await ready.absorb([said])
    await ready.settle()

    assert await answers(ready) == []
    assert await comments(ready) == 1
    assert recorder.effects == []


async def test_whatever_follows_a_comment_belongs_there(ready: Core) -> None:
    """In one batch or in several; a reply to something else belongs to no question."""
    await ready.absorb([replied(1, "Which version?"), replied(2, "The newest", ANN, to=1)])
    await ready.absorb([replied(3, LONG, to=2), replied(4, LONG, to=9), replace(replied(5, LONG), about=None)])

    assert len(await answers(ready)) == 1
    assert await comments(ready) == 2
    assert "💬 2 comments in #lobby" in (await says(ready, "/question show 1")).plain


async def test_replies_to_an_answer_belong_to_its_question(ready: Core) -> None:
    """Wherever the answer was shown."""
    reply = await says(ready, "/answer 1 Call `task.cancel()` and await it.", BOB)
    assert reply.subject == "answer:2"
    await ready.absorb([shown("later", reply.subject), replied(1, LONG, CAT, to="later")])

    assert {each.body for each in await answers(ready)} == {"Call `task.cancel()` and await it.", LONG}


async def test_nobody_answers_what_is_over(ready: Core) -> None:
    """Replies to a closed question are comments; a deleted one takes none."""
    await says(ready, "/question close 1")
    await ready.absorb([replied(1, LONG)])
    assert (await answers(ready), await comments(ready)) == ([], 1)

    await says(ready, "/question delete 1")
    await ready.absorb([replied(2, LONG)])
    assert await comments(ready) == 1


async def test_nothing_is_noted_where_that_is_off(ready: Core) -> None:
    """Then only commands give answers; switched on again, messages do."""
    await rules(ready, "/settings set threads.notice off")
    await ready.absorb([replied(1, LONG)])
    assert await answers(ready) == []

    await rules(ready, "/settings set threads.notice on")
    await ready.absorb([replied(2, LONG, CAT)])
    assert len(await answers(ready)) == 1


async def test_lines_in_a_row_are_one_answer(ready: Core) -> None:
    """Lines of one author are judged together; each can be edited and deleted, and a comment is all of them."""
    first, second, third = "the venv is stale", "run pip install -U aiohttp", "then restart it"
    await ready.absorb([replied(1, first), replied(2, second), replied(3, third)])
    assert [each.body for each in await answers(ready)] == [f"{first}\n{second}\n{third}"]

    await ready.absorb([edited(3, "then start it again"), deleted(1)])
    assert [each.body for each in await answers(ready)] == [f"{second}\nthen start it again"]
    await says(ready, "/comment 2", ANN)
    assert (await answers(ready), await comments(ready)) == ([], 2)


async def test_lines_of_others_or_of_later_are_not_joined(ready: Core) -> None:
    """Somebody else between them, or more than five minutes, and each stands for itself."""
    late = replace(replied(4, "then restart it"), at=NOON + 6 * 60 * SECOND)
    await ready.absorb([replied(1, "run pip install -U aiohttp"), replied(2, "Hm", CAT), replied(3, "and?"), late])

    assert "restart" not in "".join(each.body for each in await answers(ready))


async def test_a_message_told_twice_answers_once(ready: Core) -> None:
    """In one batch or in two."""
    await ready.absorb([replied(1, LONG), replied(1, LONG)])
    await ready.absorb([replied(1, LONG)])

    assert len(await answers(ready)) == 1
    assert await balances(ready, BOB) == [100]


async def test_an_edited_message_is_an_edited_answer(ready: Core) -> None:
    """It is found by its new words; where the platform shows no words, it stays as it was."""
    await ready.absorb([replied(1, LONG)])
    await ready.absorb([edited(1, "Use a timeout"), edited(1, "")])

    assert [each.body for each in await answers(ready)] == ["Use a timeout"]
    assert "How do I cancel" in (await says(ready, "/find timeout", CAT)).plain


async def test_a_deleted_message_is_a_retracted_answer(ready: Core) -> None:
    """With its points, even when it was accepted; the question is open again."""
    await ready.absorb([replied(1, LONG), replied(2, "Hm", CAT)])
    await says(ready, "/vote 2", CAT)
    await says(ready, "/accept 2")
    assert await state(ready) == "solved"
    assert await balances(ready, BOB) == [125]

    await ready.absorb([deleted(1), deleted(2)])
    await ready.absorb([deleted(1), edited(1, "Late")])

    assert await answers(ready) == []
    assert await comments(ready) == 0
    assert await state(ready) == "open"
    assert await balances(ready, BOB) == [100]
    await proven(ready)


async def test_an_answer_taken_back_stays_so(ready: Core) -> None:
    """Even if its message is edited, or deleted later."""
    await ready.absorb([replied(1, LONG)])
    await says(ready, "/retract 2", BOB)
    await ready.absorb([edited(1, "Use a timeout"), deleted(1)])

    assert await answers(ready) == []
    assert await balances(ready, BOB) == [100]
    await proven(ready)


async def test_bots_answer_nothing(ready: Core) -> None:
    """Neither others nor we ourselves."""
    await ready.absorb([replied(1, LONG, replace(person("robot"), bot=True))])

    assert (await answers(ready), await comments(ready)) == ([], 0)


@pytest.mark.parametrize("who", [ANN, BOB])
async def test_a_message_is_no_answer_after_all(ready: Core, recorder: Recorder, who: Person) -> None:
    """If its author says so, or the asker: its points go back, and our sign is removed."""
    await ready.absorb([replied(1, LONG)])
    assert "Only its author, the asker and staff" in (await says(ready, "/comment 2", CAT)).plain
    assert (await says(ready, "/comment 2", who)).plain == "Answer 2 is a comment now; what it earned went back."
    await ready.settle()

    assert (await answers(ready), await comments(ready), await state(ready)) == ([], 1, "open")
    assert await balances(ready, BOB) == [100]
    signs = [(each.message, each.shown) for each in recorder.effects if isinstance(each, React)]
    assert signs == [("1", True), ("1", False)]
    await ready.absorb([edited(1, f"{LONG} And so on."), deleted(1)])
    assert await answers(ready) == []
    await proven(ready)


async def test_what_was_given_by_a_command_is_an_answer(ready: Core) -> None:
    """It cannot become a comment, nor can what does not exist; staff may act for others."""
    await says(ready, "/answer 1 Call `task.cancel()` and await it.", BOB)
    await ready.absorb([replied(1, LONG, CAT)])
    assert "was given with /answer" in (await says(ready, "/comment 2", BOB)).plain
    assert "no answer with that number" in (await says(ready, "/comment 9", BOB)).plain
    assert (await ready.invoke(typed("/comment 3", BOB, access=Access.STAFF))).tone is Tone.GOOD
    assert (await says(ready, "/comment 3", CAT)).plain == "Answer 3 was taken back by its author."
