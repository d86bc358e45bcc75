"""Finds what a report is about, shows it to reviewers, takes it down, and brings it back as it was."""

from dataclasses import replace

import orjson

from bot.community.basics.settings import STAFF_PLACE
from bot.economy.points import acts as points_acts
from bot.kit import Button, OptionRefused, Post, Quoted, Refusal, Rich, Style, Work, command_line, read_number, written
from bot.kit.calendar import moment
from bot.knowledge.answers import acts as answers_acts
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions import views as questions_views
from models import communities, ledger, members, questions, threads
from models.ledger import Entry
from models.questions import Answer, Question
from models.reviews import Case, Sample


async def about(work: Work, typed: str, message: Quoted | None) -> Case:
    """A new case, not stored yet: about a question or answer by its number, or about a message."""
    if message is None:
        number = read_number("number", typed)
        question = await questions.question(work.tx, work.community, number)
        answer = await questions.answer(work.tx, work.community, number)
        to = await questions.question(work.tx, work.community, answer.question) if answer else question
        seen = to is not None and await questions_views.is_seen(work, to)
        return _fresh(work, question, answer) if seen else _fresh(work, None, None)
    linked = (await threads.linked(work.tx, work.community, [message.cause])).get(message.cause)
    if linked and linked.answer:
        return _fresh(work, None, await questions.answer(work.tx, work.community, linked.answer))
    if linked and linked.member_id is None:
        return _fresh(work, await questions.question(work.tx, work.community, linked.question), None)
    if message.author is None or message.author.bot:
        raise Refusal("report.nobody")
    return Case(
        community_id=work.community,
        number=0,
        message=message.cause,
        author_id=message.author.id,
        place_id=work.place.id if work.place else None,
        opened_at=work.now,
    )


async def shown(work: Work, case: Case) -> list[Rich]:
    """The reported words, as far as we keep them."""
    author = await work.mention(await members.known(work.tx, work.community, case.author_id))
    question, answer = await _found(work, case)
    if answer:
        said = work.say("review.of_answer", number=answer.number, question=answer.question, member=author)
        return [said.text, written(answer.body)]
    if question:
        said = work.say("review.of_question", number=question.number, title=question.title, member=author)
        return [said.text, written(question.body)] if question.body else [said.text]
    place = await communities.place(work.tx, work.community, case.place_id) if case.place_id else None
    return [work.say("review.of_message", member=author, place=place, date=moment(case.opened_at)).text]


async def sample(work: Work, case: Case) -> Sample | None:
    """The answer's figures, to compare it with others."""
    _, answer = await _found(work, case)
    if answer is None:
        return None
    score = await questions.score(work.tx, work.community, answer.number)
    return Sample(score, answer.accepted_at is not None, len(answer.body))


async def take_down(work: Work, case: Case) -> str:
    """Take it down, and return all that is needed to bring it back. Staff delete an ordinary message by hand."""
    question, answer = await _found(work, case)
    back: list[Entry] = []
    if answer and answer.deleted_at is None:
        back = await answers_acts.retract(work, answer)
    elif question and question.state != "deleted":
        back = await questions_acts.take_down(work, question)
    before = {
        "accepted_at": answer.accepted_at if answer else None,
        "state": question.state if question else None,
        "same_as": question.same_as if question else None,
        "entries": [each.reverses for each in back],
    }
    return orjson.dumps(before).decode()


async def bring_back(work: Work, case: Case) -> None:
    """Bring it back once, with what it had earned; if somebody else took it down meanwhile, it stays down."""
    before = orjson.loads(case.undo or "{}")
    question, answer = await _found(work, case)
    if answer and answer.deleted_at == case.decided_at:
        await answers_acts.restore(work, answer, before["accepted_at"])
    elif question and question.state == "deleted" and before["state"]:
        await questions_acts.keep(work, replace(question, state=before["state"], same_as=before["same_as"]))
    else:
        return
    found = [await ledger.entry(work.tx, work.community, number) for number in before["entries"]]
    await points_acts.book(work, [_again(work, case, each) for each in found if each])


async def call(work: Work, case: Case) -> None:
    """Tell staff that a case waits, but not what it says."""
    place = work.setting(STAFF_PLACE)
    if place is None:
        return
    theirs = work.speaking(None)
    look = Button(theirs.words("review.look", number=case.number), command_line("review show", case.number), Style.MAIN)
    waits = theirs.say("review.appeals" if case.appealed else "review.waits", number=case.number)
    told = waits.but(buttons=(look,))
    await work.promise(
        Post(place=place, reply=told), once=f"review:{case.number}:{'appeal' if case.appealed else 'new'}"
    )


def _again(work: Work, case: Case, taken: Entry) -> Entry:
    cause = f"restored:{case.community_id}:{case.number}:{taken.id}"
    return taken._replace(at=work.now, day=work.today, cause=cause, actor_id=None, id=0)


def _fresh(work: Work, question: Question | None, answer: Answer | None) -> Case:
    if answer and answer.deleted_at is None:
        return Case(
            community_id=work.community,
            number=0,
            answer=answer.number,
            author_id=answer.author_id,
            opened_at=work.now,
        )
    if question and question.state not in ("draft", "deleted"):
        return Case(
            community_id=work.community,
            number=0,
            question=question.number,
            author_id=question.asker_id,
            place_id=question.place_id,
            opened_at=work.now,
        )
    raise OptionRefused("number", "report.unknown", so_far=command_line("report"))


async def _found(work: Work, case: Case) -> tuple[Question | None, Answer | None]:
    if case.answer:
        return None, await questions.answer(work.tx, work.community, case.answer)
    if case.question:
        return await questions.question(work.tx, work.community, case.question), None
    return None, None
