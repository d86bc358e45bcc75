"""Counts what members do, in batches; what is taken back is subtracted on the day when it was done."""

from collections.abc import Iterable, Sequence

from bot.community.activity import activity, acts
from bot.community.activity.rules import Deed, tally
from bot.community.endings.acts import Ending
from bot.kit import BulkWork, LookFor, Work
from bot.kit.events import (
    CommandGiven,
    EffectRefused,
    EndingAllowed,
    Event,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
    VoiceSpent,
)
from models import activity as activity_store
from models import stays
from models.spans import DAY


@activity.listener(MessagePosted, ReactionAdded, MemberJoined, MemberLeft, VoiceSpent, bulk=True)
async def count(work: BulkWork, events: Sequence[Event]) -> None:
    deeds = (
        (event.at // DAY, event.activity, known.member, known.target, event.amount)
        for event, known in zip(events, map(work.of, events), strict=True)
    )
    await _add(work, deeds)


@activity.listener(MessageDeleted, ReactionRemoved, bulk=True)
async def count_back(work: BulkWork, events: Sequence[Event]) -> None:
    taken = [work.retracted[event.undoes] for event in events if event.undoes]
    await _add(work, [(fact.day, fact.kind, fact.member_id, fact.target_id, -fact.amount) for fact in taken])


@activity.listener(MessagePosted, MessageEdited, ReactionAdded, VoiceSpent, CommandGiven, bulk=True)
async def see(work: BulkWork, events: Sequence[Event]) -> None:
    """Run before any other listener uses these events."""
    await acts.learn(work, events)


@activity.listener(EffectRefused)
async def miss(work: Work, event: EffectRefused) -> None:
    """An effect is refused because its member is not there: they have left."""
    if event.reason == "member_gone" and event.member_id:
        await acts.miss(work, event.member_id, event.place_id, looked=event.effect == LookFor.__name__)


@activity.listener(MemberJoined, bulk=True)
async def joined(work: BulkWork, events: Sequence[MemberJoined]) -> None:
    await stays.mark_joined(work.tx, _moments(work, events))


@activity.listener(MemberLeft, bulk=True)
async def left(work: BulkWork, events: Sequence[MemberLeft]) -> None:
    await stays.mark_left(work.tx, _moments(work, events))


async def _add(work: BulkWork, deeds: Iterable[Deed]) -> None:
    counts = tally(deeds)
    rows = [(work.community, *key, amount) for key, amount in sorted(counts.items()) if amount]
    await activity_store.count(work.tx, rows)


def _moments(work: BulkWork, events: Sequence[Event]) -> list[tuple[int, int, int]]:
    """The latest for each member: (community, member, at)."""
    latest: dict[int, int] = {}
    for event in events:
        member = work.of(event).member
        if member is not None:
            latest[member] = max(event.at, latest.get(member, 0))
    return [(work.community, member, at) for member, at in sorted(latest.items())]


@activity.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.HISTORY.value:
        await acts.prune(work)
