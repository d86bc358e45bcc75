"""Answering, saying which answers are good, and taking an answer back."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Annotated

from bot import asked, purse
from bot.access import Access
from bot.answers import answers
from bot.answers.settings import ACCEPTED, ANSWERED, FAST, FIRST, VOTED
from bot.asked import Asked, hold, settle, theirs
from bot.effects import Tell
from bot.errors import OptionRefused, Refusal
from bot.events import AnswerAccepted
from bot.markup import join, written
from bot.naming import read_number
from bot.options import Choice, Long, Range, Suggest
from bot.parsing import write
from bot.questions.rules import BODY, says_something
from bot.replies import Button, Reply, Tone
from bot.telling import happened
from bot.work import Work
from models import ledger, members
from models import questions as store
from models.numbers import next_number
from models.questions import Answer, Question

#: answers to one question that can be accepted
MOST_ACCEPTED = 3


class Vote(Enum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


WORTH = {Vote.UP: 1, Vote.DOWN: -1, Vote.NONE: 0}


async def answers_to_accept(work: Work, typed: str) -> list[Choice]:
    """Of one's own questions, the newest first."""
    mine = await store.asked_by(work.tx, work.community, work.member.id, ledger.LATEST, 10)
    found = [each for number in mine for each in await store.answers_of(work.tx, work.community, number)]
    near = [each.answer for each in found if typed.strip() in str(each.answer.number)]
    return [Choice(str(each.number), f"#{each.question} · {' '.join(each.body.split())}"[:100]) for each in near]


AnswerNumber = Annotated[str, Suggest(answers_to_accept)]


@answers.command("answer")
async def answer(work: Work, question: Asked, text: Annotated[str, Long(), Range(1, BODY)]) -> Reply:
    to = await _open(work, question)
    if not says_something(text):
        raise OptionRefused("text", "question.few")
    before = [each.answer for each in await store.answers_of(work.tx, work.community, to.number)]
    given = Answer(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        question=to.number,
        author_id=work.member.id,
        body=text,
        answered_at=work.now,
    )
    await store.put_answer(work.tx, given)
    await settle(work, to)
    await _pay_answer(work, to, given, before)
    lines = [work.say("by", number=given.number, member=await work.mention(work.member)).text, written(text)]
    if to.asker_id != work.member.id:
        lines.append(
            work.say("helps", member=await work.mention(await members.known(work.tx, work.community, to.asker_id))).text
        )
    return Reply(title=asked.titled(work, to), text=join(lines), buttons=_judge(work, given))


@answers.command("vote")
async def vote(work: Work, answer: AnswerNumber, vote: Vote = Vote.UP) -> Reply:
    found = await _answer(work, answer)
    if found.author_id == work.member.id:
        raise Refusal("vote.own")
    if await store.vote(work.tx, work.community, found.number, work.member.id) == WORTH[vote]:
        back = work.button("back", write("vote", found.number, Vote.NONE.value))
        raised = work.say(f"same_{vote.value}", number=found.number)
        return raised.but(private=True, buttons=() if vote is Vote.NONE else (back,))
    await _vote(work, found, WORTH[vote])
    score = await store.score(work.tx, work.community, found.number)
    return work.say("counted", number=found.number, score=score).but(private=True, tone=Tone.GOOD)


@answers.command("accept", varies=True)
async def accept(work: Work, answer: AnswerNumber) -> Reply:
    """By whoever asked, or by staff for them; nobody is paid for accepting their own."""
    found = await _answer(work, answer)
    to = await theirs(work, str(found.question))
    accepted = [each.answer for each in await store.answers_of(work.tx, work.community, to.number)]
    accepted = [each for each in accepted if each.accepted_at is not None]
    if found.accepted_at is not None:
        raise Refusal("accept.already", number=found.number)
    if len(accepted) >= MOST_ACCEPTED:
        raise Refusal("accept.enough", limit=MOST_ACCEPTED)
    taken = replace(found, accepted_at=work.now)
    await store.put_answer(work.tx, taken)
    await settle(work, to)
    author = await members.known(work.tx, work.community, found.author_id)
    worth = 0 if author.id in (to.asker_id, work.member.id) else await work.setting(ACCEPTED)
    await purse.earn(work, author, worth, "accepted", _accepting(taken), other_id=to.asker_id, note=to.title)
    if author.id != work.member.id:
        told = work.speaking(author.language).say("told", number=found.number, title=to.title, count=worth)
        await work.promise(Tell(member=author.id, reply=told), once=_accepting(taken))
    event = AnswerAccepted(
        cause=_accepting(taken),
        at=work.now,
        home=work.community,
        question=to.number,
        answer=found.number,
        author_id=author.id,
    )
    await happened(work, event)
    undo = work.button("undo", write("unaccept", found.number))
    said = work.say("done", number=found.number, question=to.number, title=to.title, member=await work.mention(author))
    return said.but(tone=Tone.GOOD, buttons=(undo,))


@answers.command("unaccept", varies=True)
async def unaccept(work: Work, answer: AnswerNumber) -> Reply:
    """What was earned by it goes back, and the author is told why."""
    found = await _answer(work, answer)
    to = await theirs(work, str(found.question))
    if found.accepted_at is None:
        raise Refusal("unaccept.not", number=found.number)
    await store.put_answer(work.tx, replace(found, accepted_at=None))
    await settle(work, to)
    author = await members.known(work.tx, work.community, found.author_id)
    for each in await purse.unearn(work, [_accepting(found)], "unaccepted"):
        told = work.speaking(author.language).say("told", number=found.number, title=to.title, count=-each.amount)
        await work.promise(Tell(member=author.id, reply=told), once=f"{_accepting(found)}:undone")
    return work.say("done", number=found.number, question=to.number, title=to.title)


@answers.command("retract", varies=True)
async def retract(work: Work, answer: AnswerNumber) -> Reply:
    """An answer is taken back with all that it earned."""
    found = await _answer(work, answer)
    if found.author_id != work.member.id and work.access < Access.STAFF:
        raise Refusal("question.not_yours")
    await store.put_answer(work.tx, replace(found, accepted_at=None, deleted_at=work.now))
    voters = await store.voters(work.tx, work.community, found.number)
    causes = [_answering(found), _being_first(found), _accepting(found), *(_voting(found, each) for each in voters)]
    await purse.unearn(work, causes, "retracted")
    to = await store.question(work.tx, work.community, found.question)
    if to:
        await settle(work, to)
    return work.say("done", number=found.number).but(private=True)


async def _pay_answer(work: Work, question: Question, given: Answer, before: Sequence[Answer]) -> None:
    """Once for each question, and not for answering oneself; the first one is worth more while it is fresh."""
    again = any(each.author_id == work.member.id for each in before)
    if again or question.asker_id == work.member.id:
        return
    if not await asked.still_paid(work):
        return
    by = {"other_id": question.asker_id, "note": question.title}
    await purse.earn(work, work.member, await work.setting(ANSWERED), "answered", _answering(given), **by)
    fast = work.now - question.asked_at <= (await work.setting(FAST)).total_seconds() * 1000
    if fast and not before:
        await purse.earn(work, work.member, await work.setting(FIRST), "first", _being_first(given), **by)


async def _vote(work: Work, answer: Answer, worth: int) -> None:
    """A vote for it pays its author once, however often it is taken back and given again."""
    await store.put_vote(work.tx, work.community, answer.number, work.member.id, worth, work.now)
    cause = _voting(answer, work.member.id)
    if worth > 0:
        author = await members.known(work.tx, work.community, answer.author_id)
        await purse.earn(work, author, await work.setting(VOTED), "voted", cause, other_id=work.member.id)
    else:
        await purse.unearn(work, [cause], "unvoted")


async def _open(work: Work, typed: str) -> Question:
    """One that can be answered."""
    found = await hold(work, typed)
    if found.state in (*asked.OVER, "draft"):
        raise Refusal(f"question.over.{found.state}", number=found.number, other=found.same_as)
    return found


async def _answer(work: Work, typed: str) -> Answer:
    await ledger.lock(work.tx, work.community)
    found = await store.answer(work.tx, work.community, read_number("answer", typed))
    if found is None:
        raise OptionRefused("answer", "answer.unknown", so_far=write(work.path.replace(".", " ")))
    if found.deleted_at is not None:
        raise Refusal("answer.retracted", number=found.number)
    return found


def _judge(work: Work, answer: Answer) -> tuple[Button, ...]:
    up = Button(work.words("answer.up", number=answer.number), write("vote", answer.number, Vote.UP.value))
    accepted = Button(work.words("answer.accept", number=answer.number), write("accept", answer.number))
    return (up, accepted)


def _answering(answer: Answer) -> str:
    return f"answer:{answer.community_id}:{answer.number}"


def _being_first(answer: Answer) -> str:
    return f"{_answering(answer)}:first"


def _accepting(answer: Answer) -> str:
    """Each time anew, for it may be thought better of."""
    return f"{_answering(answer)}:accepted:{answer.accepted_at}"


def _voting(answer: Answer, member_id: int) -> str:
    return f"{_answering(answer)}:vote:{member_id}"
