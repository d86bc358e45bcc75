"""Points that whoever asked puts up for a good answer; what becomes of them is left to bot/knowledge/bounties/."""

from datetime import timedelta

from bot.economy.points import acts as points_acts
from bot.kit.calendar import moment
from bot.kit.effects import Remind
from bot.kit.errors import Refusal
from bot.kit.replies import Reply
from bot.kit.work import Work
from bot.knowledge.bounties.rules import GRACE, LASTS
from bot.knowledge.questions import views as questions_views
from models import bounties
from models.bounties import Bounty
from models.numbers import next_number
from models.questions import Question

#: what the ledger keeps them as
KIND = "bounty"
#: points
MOST = 1_000_000


async def put_up(work: Work, question: Question, amount: int) -> Reply:
    """By whoever asked, for a question that is held and waits for a good answer; one at a time."""
    if question.asker_id != work.member.id:
        raise Refusal("bounty.not_yours")
    if question.state not in questions_views.WAITING:
        raise Refusal("bounty.not_waiting", number=question.number)
    if await bounties.open_on(work.tx, work.community, question.number):
        raise Refusal("bounty.there", number=question.number)
    placed = Bounty(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        question=question.number,
        owner_id=work.member.id,
        amount=amount,
        placed_at=work.now,
        ends_at=work.now + LASTS,
    )
    await points_acts.stake(work, work.member, amount, KIND, placed.subject)
    await bounties.place(work.tx, placed)
    await work.promise(Remind(subject=placed.subject), after=timedelta(milliseconds=LASTS))
    await work.promise(Remind(subject=placed.subject), after=timedelta(milliseconds=LASTS + GRACE))
    ends = moment(placed.ends_at)
    return work.say("bounty.placed", count=amount, number=question.number, title=question.title, ends=ends)
