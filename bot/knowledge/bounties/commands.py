"""Putting up a bounty, and paying it out: awarded whole, half of it by votes, or given back."""

from typing import Annotated

from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.economy.points import acts as points_acts
from bot.kit.effects import Tell
from bot.kit.options import Range
from bot.kit.replies import Reply, Tone
from bot.kit.work import Work
from bot.knowledge.bounties import acts, bounties
from bot.knowledge.bounties.rules import GRACE, deserving
from bot.knowledge.questions import acts as questions_acts
from bot.knowledge.questions.acts import theirs
from bot.knowledge.questions.views import Asked
from models import bounties as bounties_store
from models import members, questions
from models.bounties import Bounty
from models.ledger import Entry


@bounties.command("bounty", varies=True)
async def bounty(work: Work, question: Asked, amount: Annotated[int, Range(1, acts.MOST)]) -> Reply:
    found = await theirs(work, question)
    said = await acts.put_up(work, found, amount)
    return await questions_acts.aloud(work, found, said.but(tone=Tone.GOOD))


async def award(work: Work, placed: Bounty, author_id: int) -> None:
    """All of it to whoever answered; nobody is awarded their own."""
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
    """First its owner is asked; a day later votes decide about half of it, and the rest comes back."""
    if placed.closed_at is not None or work.now < placed.ends_at:
        return
    if work.now < placed.ends_at + GRACE:
        owner = await members.known(work.tx, work.community, placed.owner_id)
        asked = work.speaking(owner.speaks).say("bounty.ending", count=placed.amount, number=placed.question)
        await work.promise(Tell(member=owner.id, reply=asked), once=f"{placed.subject}:ending")
        return
    if not await endings_acts.may(
        work, Ending.BOUNTIES, await bounties_store.due(work.tx, work.community, work.now - GRACE)
    ):
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
    return await bounties_store.close(work.tx, work.community, placed.number, outcome, work.now)


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
