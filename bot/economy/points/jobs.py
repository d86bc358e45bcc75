"""Updates the standings, proves them every night, expires old points, and tells members what was taken back."""

from collections.abc import Sequence
from itertools import groupby

import structlog

from bot.community.basics.settings import STAFF_PLACE
from bot.economy.points import acts, points
from bot.economy.points.settings import TELL_ABOVE
from bot.kit import Post, Remind, Reply, Tell, Tone, Work, join
from models import ledger, members, proof, standings
from models.ledger import Loss
from models.spans import DAY

log = structlog.get_logger(__name__)

REVERSALS = "reversals"


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
    await acts.age(work)


@points.moment(acts.SUBJECT)
async def expire(work: Work, after: int, done: int) -> None:
    await acts.expire(work, after, done)


@points.job("30 5 * * *")
async def report(work: Work) -> None:
    await tell_reversals(work, work.today - 1, 0)


@points.moment(REVERSALS)
async def tell_reversals(work: Work, day: int, after: int) -> None:
    """Tell a page of members what was taken back that day, why, and how to object; promise the next page."""
    least = work.setting(TELL_ABOVE)
    found = await ledger.taken_back(work.tx, work.community, day, least, after, acts.PAGE)
    for member_id, losses in groupby(found, key=lambda each: each.member_id):
        await _tell_reversals(work, day, member_id, list(losses))
    if len({each.member_id for each in found}) == acts.PAGE:
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
