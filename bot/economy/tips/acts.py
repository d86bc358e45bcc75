"""A gift of points from member to member, by a command or by a reaction."""

from datetime import timedelta

from bot.economy.fair.settings import known_after
from bot.economy.points import acts as points_acts
from bot.economy.tips.rules import PART, Limits, Tip, objection
from bot.economy.tips.settings import ACTIVE, DAILY, HOURLY, PAIR, RECEIVED
from bot.kit import Work, happened
from bot.kit.events import GiftGiven
from models import activity, giving
from models.ids import born
from models.members import Member
from models.spans import DAY, HOUR

#: the reason of tips in the ledger
REASON = "tip"


async def give(work: Work, to: Member, amount: int, note: str | None) -> None:
    """Check and write under the ledger's lock; refused with the first reason against it."""
    balance = (await points_acts.look(work, work.member)).balance
    limits = await _limits(work)
    if refusal := objection(await _offered(work, to, amount, balance, limits), limits):
        raise refusal
    given = points_acts.entry(work, work.member, "transfer", -amount, REASON, other_id=to.id, note=note)
    received = points_acts.entry(work, to, "transfer", amount, REASON, other_id=work.member.id, note=note)
    await points_acts.write(work, [given, received])
    cause = f"gift:{work.cause}"
    await happened(work, GiftGiven(cause=cause, at=work.now, home=work.community, member_id=work.member.id))


async def _limits(work: Work) -> Limits:
    return Limits(
        daily=work.setting(DAILY),
        hourly=work.setting(HOURLY),
        pair=work.setting(PAIR),
        received=work.setting(RECEIVED),
        known=timedelta(milliseconds=known_after(work)),
        active=work.setting(ACTIVE),
    )


async def _offered(work: Work, to: Member, amount: int, balance: int, limits: Limits) -> Tip:
    donor = work.member
    today, hour = await giving.gifts(work.tx, work.community, donor.id, work.today, work.now - HOUR, REASON)
    return Tip(
        donor=donor,
        to=to,
        amount=amount,
        balance=balance,
        known=timedelta(milliseconds=work.now - born(donor.id)),
        today=today,
        hour=hour,
        received=await giving.received(work.tx, work.community, to.id, work.today, REASON),
        quiet=await _quiet(work, {donor.id, to.id}, limits.active),
    )


async def _quiet(work: Work, members: set[int], active: timedelta) -> set[int]:
    """The members who took no part for so long."""
    if not active:
        return set()
    since = (work.now - round(active.total_seconds() * 1000)) // DAY
    days = range(since, work.now // DAY + 1)
    return members - await activity.took_part(work.tx, work.community, days, sorted(members), PART)
