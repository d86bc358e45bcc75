"""Awards what members do, in batches, and takes back what they earned by what was removed."""

from collections.abc import Sequence

from bot.community.endings.acts import Ending
from bot.economy.points import acts, points
from bot.economy.points.rules import (
    NOTHING_WRITTEN,
    Award,
    Days,
    Deed,
    Written,
    days_of,
    deeds_of,
    earned,
    imprinted,
    reacting,
    tally,
)
from bot.economy.points.settings import rates_of
from bot.kit import BulkWork, Calendar, Work
from bot.kit.events import (
    EndingAllowed,
    Event,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
    VoiceSpent,
)
from models import imprints, ledger, standings
from models.imprints import DIGITS, Imprints
from models.ledger import Entry


@points.listener(MessagePosted, ReactionAdded, VoiceSpent, bulk=True)
async def award(work: BulkWork, events: Sequence[Event]) -> None:
    """What comes and goes within a batch earns nothing, since it could not be taken back afterwards."""
    lasting = (event for event in events if event.cause not in work.retracted)
    deeds = [deed for event in lasting for deed in deeds_of(event, work.of(event), work.calendar)]
    if not deeds:
        return
    rates = rates_of(work)
    said = await _said(work, deeds) if rates.similarity else NOTHING_WRITTEN
    applied = await acts.applying(work, {deed.member for deed in deeds}, {deed.place for deed in deeds})
    awards = earned(deeds, rates, await _before(work, deeds), applied, said)
    await imprints.keep(work.tx, work.community, imprinted(awards, said))
    await acts.book(work, [_entry(work.community, each) for each in awards])


@points.listener(MessageDeleted, ReactionRemoved, bulk=True)
async def take_back(work: BulkWork, events: Sequence[Event]) -> None:
    """Once and for good: the cause has paid, so it does not pay again when the reaction comes back."""
    taking = {cause: event for event in events for cause in _paid_by(work, event)}
    found = await ledger.entries_of_cause(work.tx, work.community, sorted(taking))
    paid = [entry for entry in found if entry.kind == "earn"]
    mirrored = [_mirror(entry, taking[entry.cause], work.calendar) for entry in paid]
    reversed_ = {entry.reverses for entry in await ledger.write(work.tx, mirrored, work.desk.ids)}
    await ledger.add_earning(work.tx, tally([entry for entry in paid if entry.id in reversed_], -1))
    await acts.tell(work, paid)


@points.listener(MemberJoined, bulk=True)
async def came(work: BulkWork, events: Sequence[MemberJoined]) -> None:
    await _relist(work, events)


@points.listener(MemberLeft, bulk=True)
async def went(work: BulkWork, events: Sequence[MemberLeft]) -> None:
    """Kept apart from `came`, so that each runs after activity has marked the member."""
    await _relist(work, events)


@points.listener(EndingAllowed)
async def allowed(work: Work, event: EndingAllowed) -> None:
    if event.what == Ending.POINTS.value:
        await acts.age(work)


async def _relist(work: BulkWork, events: Sequence[Event]) -> None:
    await standings.relist(work.tx, work.community, [member for event in events if (member := work.of(event).member)])


async def _before(work: BulkWork, deeds: Sequence[Deed]) -> Days:
    """Nearly always one day; more when history is read again."""
    members: dict[int, set[int]] = {}
    for deed in deeds:
        members.setdefault(deed.day, set()).add(deed.member)
    return days_of(
        [
            earning
            for day in sorted(members)
            for earning in await ledger.earnings(work.tx, work.community, day, sorted(members[day]))
        ]
    )


async def _said(work: BulkWork, deeds: Sequence[Deed]) -> Written:
    """The imprints of all members whose words we see; a member's first words get them a key."""
    whose = sorted({deed.member for deed in deeds if deed.text})
    known = await imprints.imprints(work.tx, work.community, whose)
    return {member: known.get(member) or Imprints(work.desk.chance()[: 2 * DIGITS]) for member in whose}


def _paid_by(work: BulkWork, event: Event) -> list[str]:
    """The causes by which what this undoes was paid; earlier versions paid each reaction by itself."""
    if event.undoes is None:
        return []
    fact = work.retracted.get(event.undoes)
    if isinstance(event, ReactionRemoved) and fact and fact.member_id:
        return [event.undoes, reacting(event, fact.member_id)]
    return [event.undoes]


def _entry(community: int, award: Award) -> Entry:
    deed = award.deed
    return Entry(
        community_id=community,
        at=deed.at,
        day=deed.day,
        member_id=deed.member,
        kind="earn",
        amount=award.amount,
        counts=True,
        reason=deed.reason,
        cause=deed.cause,
        other_id=deed.other,
        place_id=deed.place,
        multiplied=award.multiplied,
    )


def _mirror(entry: Entry, event: Event, calendar: Calendar) -> Entry:
    return entry._replace(
        at=event.at,
        day=calendar.day(event.at),
        kind="reverse",
        amount=-entry.amount,
        reason="removed" if isinstance(event, ReactionRemoved) else "deleted",
        cause=event.cause,
        reverses=entry.id,
        note=None,
        multiplied=None,
    )
