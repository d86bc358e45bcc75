"""Ends roles when their time is over, gives them back to whoever returns, and forgets those that no longer exist."""

from bot import roles as given
from bot.community.settings import STAFF_PLACE
from bot.effects import Post
from bot.events import EffectRefused, MemberJoined, MomentCame
from bot.parsing import write
from bot.replies import Tone
from bot.rewards import rewards
from bot.work import Work
from models import roles

DAY = 86_400_000


@rewards.listener(MomentCame)
async def end(work: Work, event: MomentCame) -> None:
    """Unless so many end together that the clock may be wrong: then somebody has to say so."""
    if event.subject != given.ENDS:
        return
    count = await roles.count_ended(work.tx, work.community, work.now)
    if count <= given.ENOUGH:
        await given.end(work, await roles.ended(work.tx, work.community, work.now, given.ENOUGH))
        return
    place = await work.setting(STAFF_PLACE)
    if place is not None:
        press = work.button("rewards.end.press", write("rewards end"))
        notice = work.say("notice.many_ended", count=count).but(tone=Tone.CAREFUL, buttons=(press,))
        await work.promise(Post(place=place, reply=notice), once=f"ended:{work.now // DAY}")


@rewards.listener(MemberJoined)
async def give_back(work: Work, event: MemberJoined) -> None:
    """A platform forgets the roles of whoever leaves."""
    del event  # who joined is who acts
    if work.actor:
        await given.heal(work, [work.actor.id])


@rewards.listener(EffectRefused)
async def forget(work: Work, event: EffectRefused) -> None:
    if event.role and event.reason == "role_gone":
        await roles.forget(work.tx, work.community, event.role)
