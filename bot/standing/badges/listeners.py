"""Awards badges for events as they happen; badges/jobs.py counts the rest."""

from bot.kit import Work
from bot.kit.events import GatheringAttended, GiftGiven, StreakReached
from bot.standing.badges import acts, badges
from bot.standing.badges.rules import reached


@badges.listener(StreakReached)
async def last(work: Work, event: StreakReached) -> None:
    await acts.earn(work, {event.member_id: reached({"streak": event.days})})


@badges.listener(GatheringAttended)
async def come(work: Work, event: GatheringAttended) -> None:
    await acts.earn(work, {event.member_id: reached({"gathering": 1})})


@badges.listener(GiftGiven)
async def give(work: Work, event: GiftGiven) -> None:
    await acts.earn(work, {event.member_id: reached({"gift": 1})})
