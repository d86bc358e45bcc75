"""Brings the standings up to date, proves them every night, lets old points expire, and tells what went back."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import structlog

from bot.community.basics.settings import STAFF_PLACE
from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.economy.points import acts, points
from bot.economy.points.rules import left, until
from bot.economy.points.settings import EXPIRY, EXPIRY_WARNING, TELL_ABOVE
from bot.kit.calendar import moment
from bot.kit.effects import Post, Remind, Tell
from bot.kit.markup import join
from bot.kit.replies import Reply, Tone
from bot.kit.work import Work
from models import expiry, ledger, members, proof, standings
from models.expiry import Holder, Warned
from models.ledger import DAY, Entry, Loss

log = structlog.get_logger(__name__)

#: what we let ourselves be reminded of, with the last member looked at and how many lost points tonight
SUBJECT = "expiry"
REVERSALS = "reversals"
#: members looked at in one transaction, and how many may lose points in one night
PAGE, MOST = 100, 2000


@points.job("5 * * * *")
async def settle(work: Work) -> None:
    await standings.settle(work.tx, work.community)


@points.job("40 4 * * *")
async def prove(work: Work) -> None:
    faults = await proof.prove(work.tx, work.community)
    if not faults:
        return
    for fault in faults:
        log.error("ledger fault", what=fault.what, key=fault.key, expected=fault.expected, found=fault.found)
    staff_place = work.setting(STAFF_PLACE)
    if staff_place is not None:
        notice = work.say("notice.ledger", count=len(faults)).but(tone=Tone.BAD)
        await work.promise(Post(place=staff_place, reply=notice), once=f"ledger:{work.now // DAY}")


@points.job("55 4 * * *")
async def age(work: Work) -> None:
    await expire(work, 0, 0)


@points.moment(SUBJECT)
async def expire(work: Work, after: int, done: int) -> None:
    """A page of members, and the promise of the next: old points expire if that was said in time, else it is said."""
    lasts = round(work.setting(EXPIRY).total_seconds() * 1000)
    if not lasts:
        await expiry.forget_all(work.tx, work.community)
        return
    notice = round(work.setting(EXPIRY_WARNING).total_seconds() * 1000)
    await ledger.lock(work.tx, work.community)
    await standings.settle(work.tx, work.community)
    due = await expiry.due(work.tx, work.community, work.now)
    if not await endings_acts.may(work, Ending.POINTS, due._replace(due=due.due + done)):
        return
    page = await expiry.holders(work.tx, work.community, work.now, after, PAGE)
    if not page:
        return
    last = page[-1].member_id
    await expiry.forget_due(work.tx, work.community, work.now, after, last)
    moments = {each.member_id: until(each.warned, work.now, lasts, notice) for each in page}
    gained = await ledger.gained(work.tx, work.community, list(moments.items()))
    old = [(each, left(each.balance, gained.get(each.member_id, 0))) for each in page if each.here]
    await _warn(work, [each for each in old if each[1] and not each[0].warned], moments, work.now + notice)
    done += await _expire(work, [(each, min(amount, each.warned.amount)) for each, amount in old if each.warned])
    if len(page) == PAGE and done < MOST:
        await work.promise(Remind(subject=f"{SUBJECT}:{last}:{done}"), once=f"{SUBJECT}:{work.cause}:{last}")


async def _warn(work: Work, found: Sequence[tuple[Holder, int]], moments: Mapping[int, int], expires_at: int) -> None:
    warnings = [(each.member_id, Warned(moments[each.member_id], amount, expires_at)) for each, amount in found]
    await expiry.warn(work.tx, work.community, warnings)
    date = moment(expires_at)
    for each, amount in found:
        said = work.speaking(each.language).say("points.expiry.warning", count=amount, date=date)
        await work.promise(Tell(member=each.member_id, reply=said.but(tone=Tone.CAREFUL), repeats=False))


async def _expire(work: Work, found: Sequence[tuple[Holder, int]]) -> int:
    """How many members lost points."""
    entries = [
        Entry(
            community_id=work.community,
            at=work.now,
            day=work.today,
            member_id=each.member_id,
            kind="expire",
            amount=-amount,
            counts=False,
            reason="expired",
            cause=work.cause,
        )
        for each, amount in found
        if amount
    ]
    written = await acts.write(work, entries)
    language = {each.member_id: each.language for each, _ in found}
    for entry in written:
        theirs = work.speaking(language[entry.member_id])
        said = theirs.say("points.expiry.over", count=-entry.amount, number=str(entry.id))
        await work.promise(Tell(member=entry.member_id, reply=said))
    return len(written)


@points.job("30 5 * * *")
async def report(work: Work) -> None:
    await tell_reversals(work, work.today - 1, 0)


@points.moment(REVERSALS)
async def tell_reversals(work: Work, day: int, after: int) -> None:
    """A page of members, and the promise of the next: what went back that day, why, and how to object."""
    least = work.setting(TELL_ABOVE)
    found = await ledger.taken_back(work.tx, work.community, day, least, after, PAGE)
    for member_id, losses in groupby(found, key=lambda each: each.member_id):
        await _tell_reversals(work, day, member_id, list(losses))
    if len({each.member_id for each in found}) == PAGE:
        subject = f"{REVERSALS}:{day}:{found[-1].member_id}"
        await work.promise(Remind(subject=subject), once=f"{subject}:next")


async def _tell_reversals(work: Work, day: int, member_id: int, losses: Sequence[Loss]) -> None:
    member = await members.known(work.tx, work.community, member_id)
    theirs = work.speaking(member.speaks)
    lines = [theirs.say("points.reversals.begin", count=-sum(each.amount for each in losses)).text]
    for each in losses:
        reason, number = theirs.words(f"reason.{each.reason}"), str(each.last_id)
        said = theirs.say("points.reversals.line", reason=reason, amount=-each.amount, count=each.times, number=number)
        lines.append(said.text)
    told = Reply(text=join([*lines, theirs.say("points.reversals.end").text]))
    await work.promise(Tell(member=member_id, reply=told, repeats=False), once=f"{REVERSALS}:{day}:{member_id}")
