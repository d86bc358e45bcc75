"""Pays a bounty when an answer is accepted, gives it back when the question is closed, and ends it in time."""

from bot.community.endings.acts import Ending
from bot.kit import Work
from bot.kit.events import AnswerAccepted, EndingAllowed, QuestionChanged
from bot.knowledge.bounties import acts, bounties
from models import bounties as bounties_store
from models import ledger


@bounties.listener(AnswerAccepted)
async def accepted(work: Work, event: AnswerAccepted) -> None:
    if placed := await bounties_store.open_on(work.tx, work.community, event.question):
        await acts.award(work, placed, event.author_id)


@bounties.listener(QuestionChanged)
async def changed(work: Work, event: QuestionChanged) -> None:
    placed = await bounties_store.open_on(work.tx, work.community, event.question)
    if placed and event.state in ("closed", "duplicate", "deleted"):
        await acts.give_back(work, placed)


@bounties.moment(acts.KIND)
async def moment(work: Work, number: int) -> None:
    await ledger.lock(work.tx, work.community)
    if placed := await bounties_store.bounty(work.tx, work.community, number):
        await acts.end(work, placed)


@bounties.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.BOUNTIES.value:
        await acts.sweep(work)
