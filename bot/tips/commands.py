"""Points given by one member to another: two entries of one cause, and a word to whoever receives them."""

from datetime import timedelta
from typing import Annotated

from bot import purse
from bot.effects import Tell
from bot.options import Range, Tail
from bot.replies import Reply, Tone
from bot.tips import tips
from bot.tips.rules import Limits, Tip, objection
from bot.tips.settings import DAILY, MIN_DAYS, PAIR
from bot.work import Work
from models import ledger
from models.ids import born
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
        balance=(await purse.look(work, work.member)).balance,
        known=timedelta(milliseconds=work.now - born(work.member.id)),
        today=await ledger.transferred(work.tx, work.community, work.member.id, work.today, REASON),
    )
    limits = Limits(daily=await work.setting(DAILY), pair=await work.setting(PAIR), known=await work.setting(MIN_DAYS))
    if refusal := objection(offered, limits):
        raise refusal
    note = why or None
    given = purse.entry(work, work.member, "transfer", -amount, REASON, other_id=to.id, note=note)
    received = purse.entry(work, to, "transfer", amount, REASON, other_id=work.member.id, note=note)
    await purse.write(work, [given, received])
    await _tell(work, to, amount, why)
    who, whom = await work.mention(work.member), await work.mention(to)
    done = work.say("given_why" if why else "given", who=who, to=whom, count=amount, why=why)
    return done.but(tone=Tone.GOOD)


async def _tell(work: Work, to: Member, amount: int, why: str) -> None:
    theirs = work.speaking(to.language)
    told = theirs.say("told_why" if why else "told", who=work.member.name, count=amount, why=why)
    await work.promise(Tell(member=to.id, reply=told, repeats=False), once=f"tip:{work.cause}")
