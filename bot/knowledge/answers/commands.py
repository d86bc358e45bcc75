"""Answering, voting on answers, accepting them, and taking them back."""

from enum import Enum
from typing import Annotated

from bot.kit import Access, Long, OptionRefused, Range, Refusal, Reply, Tone, Work, command_line, join, written
from bot.knowledge.answers import acts, answers
from bot.knowledge.answers.views import AnswerNumber
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions import views as questions_views
from bot.knowledge.questions.acts import hold, theirs
from bot.knowledge.questions.rules import BODY, says_something
from bot.knowledge.questions.views import Asked, find_question
from models import members, questions
from models.questions import Question


class Vote(Enum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


WORTH = {Vote.UP: 1, Vote.DOWN: -1, Vote.NONE: 0}


@answers.command("answer")
async def answer(work: Work, question: Asked, text: Annotated[str, Long(), Range(1, BODY)]) -> Reply:
    to = await _open(work, question)
    if not says_something(text):
        raise OptionRefused("text", "question.few")
    given = await acts.give(work, to, text)
    lines = [work.say("by", number=given.number, member=await work.mention(work.member)).text, written(text)]
    if to.asker_id != work.member.id:
        lines.append(
            work.say("helps", member=await work.mention(await members.known(work.tx, work.community, to.asker_id))).text
        )
    judge, subject = acts.judge(work, given), f"answer:{given.number}"
    to = await find_question(work, question)
    said = Reply(title=questions_views.titled(work, to), text=join(lines), buttons=judge, subject=subject)
    return await questions_acts.aloud(work, to, said)


@answers.command("question fixed", varies=True)
async def fixed(work: Work, question: Asked, text: Annotated[str, Long(), Range(1, BODY)]) -> Reply:
    """Who found the solution alone posts it, and the question is solved."""
    to = await _open(work, question)
    if to.asker_id != work.member.id:
        raise Refusal("question.not_yours")
    if not says_something(text):
        raise OptionRefused("text", "question.few")
    given = await acts.give(work, to, text)
    said = await acts.solved(work, to, given, await acts.accept(work, to, given))
    return await questions_acts.aloud(work, to, said)


@answers.command("vote")
async def vote(work: Work, answer: AnswerNumber, vote: Vote = Vote.UP) -> Reply:
    found = await acts.find(work, answer)
    if found.author_id == work.member.id:
        raise Refusal("vote.own")
    if await questions.vote(work.tx, work.community, found.number, work.member.id) == WORTH[vote]:
        back = work.button("back", command_line("vote", found.number, Vote.NONE.value))
        raised = work.say(f"same_{vote.value}", number=found.number)
        return raised.but(private=True, buttons=() if vote is Vote.NONE else (back,))
    await acts.vote(work, found, WORTH[vote])
    score = await questions.score(work.tx, work.community, found.number)
    return work.say("counted", number=found.number, score=score).but(private=True, tone=Tone.GOOD)


@answers.command("accept", varies=True)
async def accept(work: Work, answer: AnswerNumber) -> Reply:
    """The asker accepts, or staff for them."""
    found = await acts.find(work, answer)
    to = await theirs(work, str(found.question))
    said = await acts.solved(work, to, found, await acts.accept(work, to, found))
    return await questions_acts.aloud(work, to, said)


@answers.command("unaccept", varies=True)
async def unaccept(work: Work, answer: AnswerNumber) -> Reply:
    found = await acts.find(work, answer)
    to = await theirs(work, str(found.question))
    await acts.unaccept(work, to, found)
    done = work.say("done", number=found.number, question=to.number, title=to.title)
    return await questions_acts.aloud(work, to, done, done)


@answers.command("retract", varies=True)
async def retract(work: Work, answer: AnswerNumber) -> Reply:
    found = await acts.find(work, answer)
    if found.author_id != work.member.id and work.access < Access.STAFF:
        raise Refusal("question.not_yours")
    await acts.retract(work, found)
    return work.say("done", number=found.number).but(private=True)


async def _open(work: Work, typed: str) -> Question:
    """A question that can be answered."""
    found = await hold(work, typed)
    if found.state in (*questions_views.OVER, "draft"):
        raise Refusal(f"question.over.{found.state}", number=found.number, other=found.same_as)
    return found
