"""Brings the standings up to date for boards and ranks, and proves them every night."""

import structlog

from bot.community.settings import STAFF_PLACE
from bot.effects import Post
from bot.points import points
from bot.replies import Tone
from bot.work import Work
from models import proof, standings
from models.ledger import DAY

log = structlog.get_logger(__name__)


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
    staff_place = await work.setting(STAFF_PLACE)
    if staff_place is not None:
        notice = work.say("notice.ledger", count=len(faults)).but(tone=Tone.BAD)
        await work.promise(Post(place=staff_place, reply=notice), once=f"ledger:{work.now // DAY}")
