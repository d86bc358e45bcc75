"""Counts a member's day at their first deed in it; deleting that deed later does not undo the day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.economy.points import acts as points_acts
from bot.economy.points.settings import STREAK
from bot.economy.streaks import streaks
from bot.economy.streaks.rules import MILESTONES, gone_on
from bot.kit import BulkWork, Calendar, happened
from bot.kit.calendar import calendar_in
from bot.kit.events import Event, MessagePosted, ReactionAdded, StreakReached, VoiceSpent
from models import ledger
from models import streaks as streaks_store
from models.ledger import Entry
from models.streaks import Due, Run

#: a member, when they began another day, and their run with that day
Step = tuple[int, int, Run]


@streaks.listener(MessagePosted, ReactionAdded, VoiceSpent, bulk=True)
async def take_part(work: BulkWork, events: Sequence[Event]) -> None:
    """Nearly always all authors are counted for today already, and nothing is written."""
    moments = _moments(work, events)
    latest = [(member, max(moments[member])) for member in sorted(moments)]
    if not latest:
        return
    # Lock first: it costs almost nothing, and what is read under it need not be read again.
    await ledger.lock(work.tx, work.community)
    due = await streaks_store.due(work.tx, work.community, latest)
    if not due:
        return
    steps = _steps(due, moments, work.calendar)
    last = {member: run for member, _, run in steps}
    news = await streaks_store.advance(work.tx, work.community, list(last.items()))
    steps = [step for step in steps if step[0] in news]
    await _reward(work, steps)
    for member, at, run in steps:
        if run.days in MILESTONES:
            cause = f"streak:{member}:{run.last_day}"
            reached = StreakReached(cause=cause, at=at, home=work.community, member_id=member, days=run.days)
            await happened(work, reached)


def _moments(work: BulkWork, events: Sequence[Event]) -> Mapping[int, list[int]]:
    """When each member took part; what comes and goes within a batch does not count."""
    moments: defaultdict[int, list[int]] = defaultdict(list)
    for event in events:
        member = work.of(event).member
        if member is not None and event.who and not event.who.bot and event.cause not in work.retracted:
            moments[member].append(event.at)
    return moments


def _steps(due: Sequence[Due], moments: Mapping[int, Sequence[int]], common: Calendar) -> list[Step]:
    """The steps in the order of time; members without a time zone of their own use the community's."""
    steps = []
    for each in due:
        calendar = calendar_in(each.time_zone) if each.time_zone else common
        steps += [(each.member_id, at, run) for at, run in gone_on(each.run, moments[each.member_id], calendar)]
    return sorted(steps, key=lambda step: (step[1], step[0]))


async def _reward(work: BulkWork, steps: Sequence[Step]) -> None:
    """Pay from the second day in a row on."""
    worth, calendar = work.setting(STREAK), work.calendar
    entries = [
        Entry(
            community_id=work.community,
            at=at,
            day=calendar.day(at),
            member_id=member,
            kind="earn",
            amount=worth,
            counts=True,
            reason="streak",
            cause=f"streak:{run.last_day}",
        )
        for member, at, run in steps
        if worth and run.days > 1
    ]
    await points_acts.pay(work, entries)
