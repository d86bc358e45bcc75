"""Moves members' points: pays each cause once, under the ledger's lock, and tells listeners where scores change."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.economy.fair.rules import SOURCES, fairly
from bot.economy.fair.settings import limits_of
from bot.economy.points.rules import NONE, Multipliers, accrue, left, nearest, of_roles, tally, until, weighed
from bot.economy.points.settings import DAILY_CAP, EXPIRY, EXPIRY_WARNING, WEIGHT
from bot.kit import BulkWork, Refusal, Remind, Tell, Tone, Work, happened
from bot.kit.audit import note
from bot.kit.calendar import moment
from bot.kit.events import PointsMoved
from models import communities, expiry, giving, ledger, multipliers, roles, standings
from models.expiry import Holder, Warned
from models.giving import JUDGED
from models.ledger import Entry
from models.members import Member
from models.standings import Standing

#: the subject of our reminders; after it come the last member checked and how many lost points tonight
SUBJECT = "expiry"
#: how many members are checked in one transaction, and how many may lose points in one night
PAGE, MOST = 100, 2000


def entry(work: Work, member: Member, kind: str, amount: int, reason: str, **more: Any) -> Entry:
    """An entry made now, here, for this cause, and decided by the actor."""
    facts: dict[str, Any] = {
        "community_id": work.community,
        "at": work.now,
        "day": work.today,
        "member_id": member.id,
        "kind": kind,
        "amount": amount,
        "counts": False,
        "reason": reason,
        "cause": work.cause,
        "actor_id": work.actor.id if work.actor else None,
        "place_id": work.place.id if work.place else None,
    }
    return Entry(**(facts | more))


async def look(work: Work, member: Member) -> Standing:
    """The member's standing; nobody else moves points here before the transaction ends."""
    return await standings.standing_for_update(work.tx, work.community, member.id)


async def write(work: Work, entries: Sequence[Entry]) -> list[Entry]:
    """Write entries and return them with their numbers; what a cause has paid before is left out."""
    written = await ledger.write(work.tx, entries, work.desk.ids)
    await tell(work, written)
    return written


async def spend(work: Work, member: Member, amount: int, reason: str, **more: Any) -> Entry:
    """Spend points, or with `kind="stake"` and a subject put them in escrow; refused if the member has too few."""
    standing = await look(work, member)
    if standing.balance < amount:
        raise Refusal("refusal.poor", count=standing.balance, amount=amount)
    (written,) = await write(work, [entry(work, member, more.pop("kind", "spend"), -amount, reason, **more)])
    return written


async def stake(work: Work, member: Member, amount: int, reason: str, subject: str) -> Entry:
    """Put points in escrow for a subject: the member no longer has them, but may get them back; refused if too few."""
    return await spend(work, member, amount, reason, kind="stake", subject=subject)


async def give_back(work: Work, subject: str, reason: str, members: Collection[int] | None = None) -> list[Entry]:
    """Give stakes for a subject back to all members who staked, or to these."""
    staked = await ledger.staked(work.tx, work.community, subject)
    return await reverse(work, [each for each in staked if members is None or each.member_id in members], reason)


async def reverse(work: Work, entries: Sequence[Entry], reason: str) -> list[Entry]:
    """Take entries back, each once and for good; points spent meanwhile are owed."""
    await ledger.lock(work.tx, work.community)
    actor = work.actor.id if work.actor else None
    back = await ledger.reverse(work.tx, entries, work.cause, work.now, work.today, actor, reason, work.desk.ids)
    await tell(work, back)
    return back


async def earn(work: Work, member: Member, amount: int, reason: str, cause: str, **more: Any) -> list[Entry]:
    """Pay for contributing, which counts for scores: the usual amount, once for each member, cause and reason."""
    earned = entry(work, member, "earn", amount, reason, counts=True, cause=cause, **({"actor_id": None} | more))
    return await pay(work, [earned])


async def unearn(
    work: Work, causes: Sequence[str], reason: str, member: Member | None = None, paid_for: str | None = None
) -> list[Entry]:
    """Take back what these causes paid: to this member or to everybody, for this reason or for all."""
    found = await ledger.entries_of_cause(work.tx, work.community, causes)
    paid = [
        each
        for each in found
        if each.kind == "earn" and (member is None or member.id == each.member_id) and paid_for in (None, each.reason)
    ]
    if not paid:
        return []
    back = await reverse(work, paid, reason)
    taken = {each.reverses for each in back}
    await ledger.add_earning(work.tx, tally([each for each in paid if each.id in taken], -1))
    return back


async def audit(work: Work, entries: Iterable[tuple[Entry, int]]) -> None:
    """Record who moved whose points: each entry comes with what its member had before, less what they owed."""
    await note(work, *((str(entry.id), before, before + entry.amount) for entry, before in entries))


async def pay(work: Work | BulkWork, entries: Sequence[Entry]) -> list[Entry]:
    """Pay the usual amounts with weight and multipliers applied; leave out zero amounts and what was paid before."""
    if not entries:
        return []
    weight = work.setting(WEIGHT)
    applied = await applying(work, {each.member_id for each in entries}, {each.place_id for each in entries})
    due = [each for entry in entries if (each := weighed(entry, weight, applied)).amount]
    return await book(work, await _fair_share(work, due)) if due else []


async def _fair_share(work: Work | BulkWork, entries: Sequence[Entry]) -> list[Entry]:
    """What is left of these amounts under the daily cap and under what members can bring each other."""
    limits = limits_of(work, work.setting(DAILY_CAP))
    await ledger.lock(work.tx, work.community)
    whose: defaultdict[int, set[int]] = defaultdict(set)
    by: set[tuple[int, int]] = set()
    for each in entries:
        whose[each.day].add(each.member_id)
        if each.reason in JUDGED and each.other_id:
            by.add((each.day, each.other_id))
    earned: Counter[tuple[int, int]] = Counter()
    for day in whose if limits.daily_cap else ():
        for earning in await ledger.earnings(work.tx, work.community, day, sorted(whose[day])):
            if earning.reason in SOURCES:
                earned[day, earning.member_id] += earning.amount
    brought = {
        (day, found.other_id, found.member_id): found.amount
        for day, other in (sorted(by) if limits.between else ())
        for found in await giving.brought(work.tx, work.community, day, other)
    }
    return list(fairly(entries, limits, earned, brought, work.now))


async def worth(work: Work, amount: int) -> int:
    """What such an amount comes to in this place, for a member without a multiplied role."""
    here = work.place.id if work.place else None
    applied = await applying(work, [], [here])
    return accrue(0, amount, work.setting(WEIGHT), *(each.percent for each in applied.of(here)))


async def book(work: Work | BulkWork, entries: Sequence[Entry]) -> list[Entry]:
    """Write entries whose amounts are final."""
    written = await ledger.write(work.tx, entries, work.desk.ids)
    await ledger.add_earning(work.tx, tally(written))
    await tell(work, written)
    return written


async def tell(work: Work | BulkWork, moved: Sequence[Entry]) -> None:
    """Tell listeners that scores changed; points that come in batches flow."""
    if any(each.counts for each in moved):
        flowing = isinstance(work, BulkWork)
        cause = f"points:{moved[-1].id}"
        await happened(work, PointsMoved(cause=cause, at=work.now, home=work.community, flowing=flowing))


async def applying(work: Work | BulkWork, members: Collection[int], places: Collection[int | None]) -> Multipliers:
    """The multipliers that apply: one query where none are declared, at most three otherwise, however many events."""
    declared = await multipliers.multipliers(work.tx, work.community)
    if not declared:
        return NONE
    lying = {place for place in places if place} if not declared[0].role_id else set()
    earners = sorted(members) if declared[-1].role_id else []
    above = await communities.lineage(work.tx, work.community, lying)
    held = await roles.roles_of(work.tx, work.community, earners)
    return Multipliers(
        places={place: found for place in above if (found := nearest(above[place], declared))},
        members={member: found for member in held if (found := of_roles(held[member], declared))},
    )


async def age(work: Work) -> None:
    await expire(work, 0, 0)


async def expire(work: Work, after: int, done: int) -> None:
    """Check a page of members and promise the next. Old points expire if we warned in time; otherwise we warn now."""
    lasts = round(work.setting(EXPIRY).total_seconds() * 1000)
    if not lasts:
        await expiry.forget_all(work.tx, work.community)
        return
    notice = round(work.setting(EXPIRY_WARNING).total_seconds() * 1000)
    await ledger.lock(work.tx, work.community)
    await standings.settle(work.tx, work.community)
    due = await expiry.due(work.tx, work.community, work.now)
    if not await endings_acts.may(work, Ending.POINTS, due._replace(due=due.due + done)):
        return
    page = await expiry.holders(work.tx, work.community, work.now, after, PAGE)
    if not page:
        return
    last = page[-1].member_id
    await expiry.forget_due(work.tx, work.community, work.now, after, last)
    moments = {each.member_id: until(each.warned, work.now, lasts, notice) for each in page}
    gained = await ledger.gained(work.tx, work.community, list(moments.items()))
    old = [(each, left(each.balance, gained.get(each.member_id, 0))) for each in page if each.here]
    await _warn(work, [each for each in old if each[1] and not each[0].warned], moments, work.now + notice)
    done += await _expire(work, [(each, min(amount, each.warned.amount)) for each, amount in old if each.warned])
    if len(page) == PAGE and done < MOST:
        await work.promise(Remind(subject=f"{SUBJECT}:{last}:{done}"), once=f"{SUBJECT}:{work.cause}:{last}")


async def _warn(work: Work, found: Sequence[tuple[Holder, int]], moments: Mapping[int, int], expires_at: int) -> None:
    warnings = [(each.member_id, Warned(moments[each.member_id], amount, expires_at)) for each, amount in found]
    await expiry.warn(work.tx, work.community, warnings)
    date = moment(expires_at)
    for each, amount in found:
        said = work.speaking(each.language).say("points.expiry.warning", count=amount, date=date)
        await work.promise(Tell(member=each.member_id, reply=said.but(tone=Tone.CAREFUL), repeats=False))


async def _expire(work: Work, found: Sequence[tuple[Holder, int]]) -> int:
    """Returns how many members lost points."""
    entries = [
        Entry(
            community_id=work.community,
            at=work.now,
            day=work.today,
            member_id=each.member_id,
            kind="expire",
            amount=-amount,
            counts=False,
            reason="expired",
            cause=work.cause,
        )
        for each, amount in found
        if amount
    ]
    written = await write(work, entries)
    language = {each.member_id: each.language for each, _ in found}
    for entry in written:
        theirs = work.speaking(language[entry.member_id])
        said = theirs.say("points.expiry.over", count=-entry.amount, number=str(entry.id))
        await work.promise(Tell(member=entry.member_id, reply=said))
    return len(written)
