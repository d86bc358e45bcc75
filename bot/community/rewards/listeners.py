"""Ends roles when their time is over, gives them back to members who return, and forgets roles that were deleted."""

from bot.community.endings.acts import Ending
from bot.community.rewards import acts, rewards
from bot.kit import Work
from bot.kit.events import EffectRefused, EndingAllowed, MemberJoined
from models import roles

rewards.moment(acts.ENDS)(acts.end_due)


@rewards.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.ROLES.value:
        await acts.end_due(work)


@rewards.listener(MemberJoined)
async def give_back(work: Work, event: MemberJoined) -> None:
    """A platform forgets the roles of a member who leaves."""
    del event  # the member who joined is the actor
    if work.actor:
        await acts.heal(work, [work.actor.id])


@rewards.listener(EffectRefused)
async def forget(work: Work, event: EffectRefused) -> None:
    if event.role and event.reason == "role_gone":
        await roles.forget(work.tx, work.community, event.role)
