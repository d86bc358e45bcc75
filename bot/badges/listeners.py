"""Badges for what is told as it happens, and the next part of a round."""

from bot import awards
from bot.badges import badges
from bot.badges.rules import reached
from bot.events import GatheringAttended, GiftGiven, StreakReached
from bot.work import Work


@badges.listener(StreakReached)
async def last(work: Work, event: StreakReached) -> None:
    await awards.earn(work, {event.member_id: reached({"streak": event.days})})


@badges.listener(GatheringAttended)
async def come(work: Work, event: GatheringAttended) -> None:
    await awards.earn(work, {event.member_id: reached({"gathering": 1})})


@badges.listener(GiftGiven)
async def give(work: Work, event: GiftGiven) -> None:
    await awards.earn(work, {event.member_id: reached({"gift": 1})})
