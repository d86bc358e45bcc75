"""Points given by one member to another: two entries of one cause, and a word to whoever receives them."""

from collections import Counter
from collections.abc import Mapping
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

#: entries read at a time, looking back for what was given today
PAGE = 200


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
        today=await _given_today(work),
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
        reason="tip",
        cause=work.cause,
        actor_id=work.member.id,
        other_id=other.id,
        place_id=work.place.id if work.place else None,
        note=why or None,
    )


async def _given_today(work: Work) -> Mapping[int, int]:
    """By receiver, read from the newest entry back; ids grow with time, so nothing of today is before yesterday's."""
    today, before = work.now // DAY, None
    given: Counter[int] = Counter()
    while page := await ledger.history(work.tx, work.community, work.member.id, before, PAGE):
        for entry in page:
            if (entry.kind, entry.reason, entry.day) == ("transfer", "tip", today) and entry.amount < 0:
                given[entry.other_id or 0] -= entry.amount
        before = page[-1].id
        if born(before) // DAY < today:
            break
    return given
