"""Brings an unanswered question to members who may know: to helpers, to everybody, and to its asker again."""

from bot.community.endings.acts import Ending
from bot.kit import Work
from bot.kit.events import (
    AnswerGiven,
    EffectRefused,
    EndingAllowed,
    QuestionChanged,
)
from bot.knowledge.experts import acts, experts
from bot.knowledge.experts.rules import (
    CLAIM,
    LADDER,
    MORE,
    WAKE,
)
from bot.knowledge.questions import views as questions_views
from models import experts as experts_store
from models import ledger, questions

#: the rung before the asker is asked; an answered question skips the rungs up to it
BEFORE_STILL = "bounty"


@experts.listener(QuestionChanged)
async def changed(work: Work, event: QuestionChanged) -> None:
    """A question that waits again waits as if it were new; only the asker can tell whether an answer helped."""
    await acts.over(work, event.question)
    if event.state in questions_views.WAITING:
        await acts.go_on(work, event.question, None if event.state == "open" else BEFORE_STILL)


@experts.listener(AnswerGiven)
async def given(work: Work, event: AnswerGiven) -> None:
    """With each further answer the asker has more time to judge."""
    question = await questions.question(work.tx, work.community, event.question)
    if question and question.state == "answered":
        await acts.over(work, event.question)
        await acts.go_on(work, event.question, BEFORE_STILL)


@experts.moment(LADDER)
async def moment(work: Work, number: int, rung: str) -> None:
    """Checked under the lock of everybody who changes questions, so that nobody is asked about an answered one."""
    await ledger.lock(work.tx, work.community)
    if rung == MORE:
        await acts.ask_more(work, number, 1)
    else:
        await acts.climb(work, number, rung)


@experts.moment(WAKE)
async def woken(work: Work, number: int, left: int) -> None:
    await ledger.lock(work.tx, work.community)
    await acts.ask_more(work, number, left)


@experts.moment(CLAIM)
async def lapsed(work: Work, number: int, ends_at: int) -> None:
    await ledger.lock(work.tx, work.community)
    await acts.lapse(work, number, ends_at)


@experts.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.QUESTIONS.value:
        await acts.catch_up(work, work.now)


@experts.listener(EffectRefused)
async def refused(work: Work, event: EffectRefused) -> None:
    """We cannot reach this helper, so do not ask them until they agree again; ask another one."""
    promise = event.cause.removeprefix("refused:")
    told = await experts_store.asked_by(work.tx, work.community, int(promise)) if promise.isdigit() else None
    if told is None:
        return
    question, member_id = told
    await experts_store.close_helper(work.tx, work.community, member_id, work.now)
    await ledger.lock(work.tx, work.community)
    await acts.ask_more(work, question, 1)
