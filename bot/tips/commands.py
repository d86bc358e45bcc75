"""Points given by one member to another: two entries of one cause, and a word to whoever receives them."""

from datetime import timedelta
from typing import Annotated

from bot.effects import Tell
from bot.options import Range, Tail
from bot.replies import Reply, Tone
from bot.tips import tips
from bot.tips.rules import Limits, Tip, objection
from bot.tips.settings import DAILY, MIN_DAYS, PAIR
from bot.work import Work
from models import ledger, standings
from models.ids import born
from models.ledger import DAY, Entry
from models.members import Member

#: under which the ledger keeps them
REASON = "tip"


@tips.command("tip")
async def tip(
    work: Work, to: Member, amount: Annotated[int, Range(1, 1_000_000)], why: Annotated[Tail, Range(0, 200)] = ""
) -> Reply:
    offered = Tip(
        donor=work.member,
        to=to,
        amount=amount,
        balance=(await standings.standing_for_update(work.tx, work.community, work.member.id)).balance,
        known=timedelta(milliseconds=work.now - born(work.member.id)),
        today=await ledger.transferred(work.tx, work.community, work.member.id, work.now // DAY, REASON),
    )
    limits = Limits(daily=await work.setting(DAILY), pair=await work.setting(PAIR), known=await work.setting(MIN_DAYS))
    if refusal := objection(offered, limits):
        raise refusal
    given, received = _side(work, work.member, to, -amount, why), _side(work, to, work.member, amount, why)
    await ledger.write(work.tx, [given, received], work.desk.ids)
    await _tell(work, to, amount, why)
    who, whom = await work.mention(work.member), await work.mention(to)
    done = work.say("given_why" if why else "given", who=who, to=whom, count=amount, why=why)
    return done.but(tone=Tone.GOOD)


async def _tell(work: Work, to: Member, amount: int, why: str) -> None:
    theirs = work.speaking(to.language)
    told = theirs.say("told_why" if why else "told", who=work.member.name, count=amount, why=why)
    await work.promise(Tell(member=to.id, reply=told, repeats=False), once=f"tip:{work.cause}")


def _side(work: Work, member: Member, other: Member, amount: int, why: str) -> Entry:
    return Entry(
        community_id=work.community,
        at=work.now,
        day=work.now // DAY,
        member_id=member.id,
        kind="transfer",
        amount=amount,
        counts=False,
        reason=REASON,
        cause=work.cause,
        actor_id=work.member.id,
        other_id=other.id,
        place_id=work.place.id if work.place else None,
        note=why or None,
    )
