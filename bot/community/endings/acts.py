"""How much the clock may end at once; above that, it waits until staff allow it or the clock is right again.

Otherwise a clock that jumps forward would end at once what should last for weeks, and setting it back would restore
nothing. What waits is checked again each time some of it falls due, and at each run of its job; so it goes on by
itself once the clock is right.
"""

from enum import Enum

import structlog

from bot.community.basics.settings import LANGUAGE, STAFF_PLACE
from bot.kit import Post, Tone, Work, command_line
from models import communities, waiting
from models.spans import DAY
from models.waiting import Due

log = structlog.get_logger(__name__)

#: so many may always end at once, or one in `SHARE` where that is more
FEW, SHARE = 10, 20


class Ending(Enum):
    ROLES = "roles"
    ORDERS = "orders"
    POINTS = "points"
    BOUNTIES = "bounties"
    QUESTIONS = "questions"
    HISTORY = "history"


def many(total: int) -> int:
    """How many of `total` may end at once."""
    return max(FEW, total // SHARE)


async def may(work: Work, what: Ending, due: Due) -> bool:
    """Whether everything due may end now; if not, tell staff: once, and again if more is due than they allowed."""
    before = await waiting.find(work.tx, work.community, what.value)
    if due.due <= many(due.total):
        if before:
            await waiting.forget(work.tx, work.community, what.value)
        return True
    if before and due.due <= before.allowed and abs(work.now - before.allowed_at) < DAY:
        return True
    outgrown = before is not None and 0 < before.allowed < due.due
    if outgrown:
        await waiting.forget(work.tx, work.community, what.value)
    await waiting.wait(work.tx, work.community, what.value, due, work.now)
    if before is None or outgrown:
        log.warning("too much would end at once", what=what.value, community=work.community, due=due.due, of=due.total)
        await _tell(work, what, due)
    return False


async def _tell(work: Work, what: Ending, due: Due) -> None:
    place_id = work.setting(STAFF_PLACE)
    place = await communities.place(work.tx, work.community, place_id) if place_id is not None else None
    if place is None:
        return
    theirs = work.speaking(work.setting(LANGUAGE).value)
    press = theirs.button("overdue.press", command_line("overdue", what.value))
    things = theirs.words(f"overdue.things.{what.value}")
    notice = theirs.say("notice.overdue", count=due.due, total=due.total, things=things)
    told = notice.but(tone=Tone.CAREFUL, buttons=(press,))
    await work.promise(Post(place=place.id, reply=told), once=f"overdue:{what.value}:{work.now}")
