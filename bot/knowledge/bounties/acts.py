"""Puts up an asker's points for a good answer, pays them out, and gives them back."""

from datetime import timedelta

from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.economy.points import acts as points_acts
from bot.kit import Refusal, Remind, Reply, Tell, Work
from bot.kit.calendar import moment
from bot.knowledge.bounties.rules import GRACE, LASTS, deserving
from bot.knowledge.questions import views as questions_views
from models import bounties, ledger, members, questions
from models.bounties import Bounty
from models.ledger import Entry
from models.numbers import next_number
from models.questions import Question

#: the kind of these stakes in the ledger
KIND = "bounty"
#: the largest bounty, in points
MOST = 1_000_000


async def put_up(work: Work, question: Question, amount: int) -> Reply:
    """The asker offers points for a locked question that waits for a good answer; one bounty at a time."""
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


async def sweep(work: Work) -> None:
    await ledger.lock(work.tx, work.community)
    for placed in await bounties.overdue(work.tx, work.community, work.now - GRACE):
        await end(work, placed)


async def award(work: Work, placed: Bounty, author_id: int) -> None:
    """All of it goes to the author; nobody is awarded their own."""
    if author_id == placed.owner_id or not await _close(work, placed, "awarded"):
        return
    await _release(work, placed, {author_id: placed.amount})
    await _tell(work, placed, author_id, placed.amount)


async def give_back(work: Work, placed: Bounty) -> None:
    if await _close(work, placed, "returned"):
        await points_acts.give_back(work, placed.subject, "bounty_back")
        owner = await members.known(work.tx, work.community, placed.owner_id)
        told = work.speaking(owner.speaks).say("bounty.returned", count=placed.amount, number=placed.question)
        await work.promise(Tell(member=owner.id, reply=told), once=f"{placed.subject}:returned")


async def end(work: Work, placed: Bounty) -> None:
    """Ask the owner first; a day later, half of it goes to the answer with most votes, and the rest comes back."""
    if placed.closed_at is not None or work.now < placed.ends_at:
        return
    if work.now < placed.ends_at + GRACE:
        owner = await members.known(work.tx, work.community, placed.owner_id)
        asked = work.speaking(owner.speaks).say("bounty.ending", count=placed.amount, number=placed.question)
        await work.promise(Tell(member=owner.id, reply=asked), once=f"{placed.subject}:ending")
        return
    if not await endings_acts.may(work, Ending.BOUNTIES, await bounties.due(work.tx, work.community, work.now - GRACE)):
        return
    best = deserving(placed, await questions.answers_of(work.tx, work.community, placed.question))
    half = placed.amount // 2
    if best is None or not half:
        await give_back(work, placed)
    elif await _close(work, placed, "halved"):
        author = best.answer.author_id
        await _release(work, placed, {author: half, placed.owner_id: placed.amount - half})
        await _tell(work, placed, author, half)


async def _close(work: Work, placed: Bounty, outcome: str) -> bool:
    return await bounties.close(work.tx, work.community, placed.number, outcome, work.now)


async def _release(work: Work, placed: Bounty, shares: dict[int, int]) -> None:
    await points_acts.write(
        work,
        [
            Entry(
                community_id=work.community,
                at=work.now,
                day=work.today,
                member_id=member_id,
                kind="release",
                amount=share,
                counts=False,
                reason="bounty_back" if member_id == placed.owner_id else "bounty_won",
                cause=f"{placed.subject}:closed",
                other_id=placed.owner_id,
                subject=placed.subject,
            )
            for member_id, share in shares.items()
        ],
    )


async def _tell(work: Work, placed: Bounty, author_id: int, share: int) -> None:
    author = await members.known(work.tx, work.community, author_id)
    told = work.speaking(author.speaks).say("bounty.won", count=share, number=placed.question)
    await work.promise(Tell(member=author_id, reply=told), once=f"{placed.subject}:won")
