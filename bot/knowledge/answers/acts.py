"""Gives answers, votes on them, accepts them and takes them back: by a command, a message or a reaction."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from bot.economy.points import acts as points_acts
from bot.kit import (
    BulkWork,
    Button,
    OptionRefused,
    Refusal,
    Reply,
    Tell,
    Tone,
    Work,
    command_line,
    happened,
    read_number,
)
from bot.kit.events import AnswerAccepted, AnswerGiven
from bot.knowledge.answers.settings import ACCEPTED, ANSWERED, FAST, FIRST, VOTED
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions import views as questions_views
from models import ledger, members, questions
from models.ledger import Entry
from models.members import Member
from models.numbers import next_number
from models.questions import Answer, Question

#: how many answers to one question can be accepted
MOST_ACCEPTED = 3


async def find(work: Work, typed: str) -> Answer:
    """An answer that was not taken back, under the ledger's lock, so that nobody else changes it meanwhile."""
    await ledger.lock(work.tx, work.community)
    found = await questions.answer(work.tx, work.community, read_number("answer", typed))
    if found is None or not await _is_seen(work, found):
        raise OptionRefused("answer", "answer.unknown", so_far=command_line(work.path.replace(".", " ")))
    if found.deleted_at is not None:
        raise Refusal("answer.retracted", number=found.number)
    return found


async def _is_seen(work: Work, answer: Answer) -> bool:
    """Whether it is the actor's own, or answers a question that they can see."""
    to = await questions.question(work.tx, work.community, answer.question)
    return answer.author_id == work.member.id or (to is not None and await questions_views.is_seen(work, to))


async def standing(work: Work | BulkWork, number: int) -> Answer | None:
    """The answer, unless it was taken back, under the ledger's lock; nobody else changes it meanwhile."""
    await ledger.lock(work.tx, work.community)
    found = await questions.answer(work.tx, work.community, number)
    return found if found and found.deleted_at is None else None


async def give(work: Work, to: Question, text: str, *, guessed: bool = False) -> Answer:
    """The actor answers a question that is locked and can be answered; a guess counts when somebody confirms it."""
    given = Answer(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        question=to.number,
        author_id=work.member.id,
        body=text,
        answered_at=work.now,
        guessed=guessed,
    )
    await questions.put_answer(work.tx, given)
    await questions_acts.settle(work, to)
    if not guessed:
        await _count(work, to, given)
    return given


async def confirm(work: Work, answer: Answer) -> Answer:
    """Somebody says that it is an answer: a guess earns from now on, and its question no longer waits for one."""
    to = await questions.question(work.tx, work.community, answer.question)
    if not answer.guessed or to is None:
        return answer
    confirmed = replace(answer, guessed=False)
    await questions.put_answer(work.tx, confirmed)
    await questions_acts.settle(work, to)
    await _count(work, to, confirmed)
    return confirmed


async def edit(work: Work, answer: Answer, text: str) -> None:
    """Replace its words; its points and votes stay."""
    await questions.put_answer(work.tx, replace(answer, body=text))
    if to := await questions.question(work.tx, work.community, answer.question):
        await questions_acts.remember(work, to)


async def vote(work: Work, answer: Answer, worth: int) -> None:
    """A vote that stands is worth what it says; one that is taken back is worth nothing, until it is given again."""
    before = await questions.put_vote(work.tx, work.community, answer.number, work.member.id, worth, work.now)
    if worth > 0:
        answer = await confirm(work, answer)
        author = await members.known(work.tx, work.community, answer.author_id)
        to = await questions.question(work.tx, work.community, answer.question)
        by = await _about(work, to, author.id, work.member.id) if to else {}
        await points_acts.earn(
            work, author, work.setting(VOTED), "voted", _voting(answer, work.member.id, work.now), **by
        )
    else:
        await points_acts.unearn(work, _votings(answer, work.member.id, before), "unvoted")


async def accept(work: Work, to: Question, answer: Answer) -> Member:
    """Accept it, tell its author, and return them; nobody is paid for accepting their own.

    A closed question is solved by it: its asker found after all what they looked for.
    """
    if answer.accepted_at is not None:
        raise Refusal("accept.already", number=answer.number)
    given = [each.answer for each in await questions.answers_of(work.tx, work.community, to.number)]
    if sum(each.accepted_at is not None for each in given) >= MOST_ACCEPTED:
        raise Refusal("accept.enough", limit=MOST_ACCEPTED)
    taken = replace(await confirm(work, answer), accepted_at=work.now)
    await questions.put_answer(work.tx, taken)
    await questions_acts.settle(work, replace(to, state="open") if to.state == "closed" else to)
    author = await members.known(work.tx, work.community, taken.author_id)
    worth = 0 if author.id in (to.asker_id, work.member.id) else work.setting(ACCEPTED)
    by = await _about(work, to, author.id, to.asker_id)
    paid = await points_acts.earn(work, author, worth, "accepted", _accepting(taken), **by)
    if author.id != work.member.id:
        count = sum(each.amount for each in paid)
        title = await questions_views.title_for(work, to, author.id)
        told = work.speaking(author.speaks).say("accept.told", number=taken.number, title=title, count=count)
        await work.promise(Tell(member=author.id, reply=told), once=_accepting(taken))
    event = AnswerAccepted(
        cause=_accepting(taken),
        at=work.now,
        home=work.community,
        question=to.number,
        answer=taken.number,
        author_id=author.id,
    )
    await happened(work, event)
    return author


async def unaccept(work: Work, to: Question, answer: Answer) -> None:
    """Take back what the acceptance earned, and tell the author why."""
    if answer.accepted_at is None:
        raise Refusal("unaccept.not", number=answer.number)
    await questions.put_answer(work.tx, replace(answer, accepted_at=None))
    await questions_acts.settle(work, to)
    author = await members.known(work.tx, work.community, answer.author_id)
    title = await questions_views.title_for(work, to, author.id)
    for each in await points_acts.unearn(work, [_accepting(answer)], "unaccepted"):
        spoken = work.speaking(author.speaks)
        told = spoken.say("unaccept.told", number=answer.number, title=title, count=-each.amount)
        await work.promise(Tell(member=author.id, reply=told), once=f"{_accepting(answer)}:undone")


async def retract(work: Work, answer: Answer) -> list[Entry]:
    """Take the answer and all its points back, update its question, and return the reversing entries."""
    await questions.put_answer(work.tx, replace(answer, accepted_at=None, deleted_at=work.now))
    voters = await questions.voters(work.tx, work.community, answer.number)
    causes = [
        _answering(answer),
        _being_first(answer),
        _accepting(answer),
        *chain.from_iterable(_votings(answer, *each) for each in voters),
    ]
    back = await points_acts.unearn(work, causes, "retracted")
    to = await questions.question(work.tx, work.community, answer.question)
    if to:
        await questions_acts.settle(work, to)
    return back


async def solved(work: Work, to: Question, answer: Answer, author: Member) -> Reply:
    """What everybody is told of it."""
    undo = work.button("accept.undo", command_line("unaccept", answer.number))
    mention = await work.mention(author)
    said = work.say("accept.done", number=answer.number, question=to.number, title=to.title, member=mention)
    return said.but(tone=Tone.GOOD, buttons=(undo,))


async def restore(work: Work, answer: Answer, accepted_at: int | None) -> None:
    """Bring it back as it was, except for its points."""
    await questions.put_answer(work.tx, replace(answer, accepted_at=accepted_at, deleted_at=None))
    if to := await questions.question(work.tx, work.community, answer.question):
        await questions_acts.settle(work, to)


def judge(work: Work, answer: Answer) -> tuple[Button, ...]:
    """The buttons to vote for it and to accept it."""
    up = Button(work.words("answer.up", number=answer.number), command_line("vote", answer.number, "up"))
    accepted = Button(work.words("answer.accept", number=answer.number), command_line("accept", answer.number))
    return (up, accepted)


async def _count(work: Work, to: Question, given: Answer) -> None:
    """Pay for it, and tell listeners."""
    standing = await questions.answers_of(work.tx, work.community, to.number)
    others = [each.answer for each in standing if each.answer.number != given.number and not each.answer.guessed]
    await _pay(work, to, given, others)
    told = AnswerGiven(cause=f"{_answering(given)}:given", at=work.now, home=work.community, question=to.number)
    await happened(work, told)


async def _pay(work: Work, question: Question, given: Answer, others: Sequence[Answer]) -> None:
    """Pay once for each question, and nothing for answering oneself; a quick first answer earns more."""
    author = await members.known(work.tx, work.community, given.author_id)
    again = any(each.author_id == author.id for each in others)
    if again or question.asker_id == author.id or not await questions_acts.still_paid(work, author.id):
        return
    by = await _about(work, question, author.id, question.asker_id)
    await points_acts.earn(work, author, work.setting(ANSWERED), "answered", _answering(given), **by)
    fast = given.answered_at - question.asked_at <= work.setting(FAST).total_seconds() * 1000
    if fast and not others:
        await points_acts.earn(work, author, work.setting(FIRST), "first", _being_first(given), **by)


async def _about(work: Work, question: Question, member_id: int, other_id: int) -> dict[str, Any]:
    """Credited to the place where the question was asked, wherever the button was pressed."""
    note = await questions_views.title_for(work, question, member_id)
    return {"other_id": other_id, "place_id": question.place_id, "note": note}


def _answering(answer: Answer) -> str:
    return f"answer:{answer.community_id}:{answer.number}"


def _being_first(answer: Answer) -> str:
    return f"{_answering(answer)}:first"


def _accepting(answer: Answer) -> str:
    """A new name each time, since an answer may be accepted, unaccepted and accepted again."""
    return f"{_answering(answer)}:accepted:{answer.accepted_at}"


def _voting(answer: Answer, member_id: int, at: int) -> str:
    """A new name each time, as for accepting."""
    return f"{_answering(answer)}:vote:{member_id}:{at}"


def _votings(answer: Answer, member_id: int, at: int) -> tuple[str, str]:
    """The names by which a vote may have been paid: earlier versions left out when it was given."""
    return _voting(answer, member_id, at), f"{_answering(answer)}:vote:{member_id}"
