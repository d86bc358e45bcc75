"""Gives points to thanked members; the words are read in memory only, and never stored."""

from collections.abc import Sequence

from bot.economy.fair.rules import is_new
from bot.economy.fair.settings import known_after
from bot.economy.points import acts as points_acts
from bot.economy.thanks import thanks
from bot.economy.thanks.rules import AT_ONCE, REASON, Limits, counted, is_thanks, may_thank, named
from bot.economy.thanks.settings import DAILY, HOURLY, POINTS
from bot.kit import BulkWork, Work
from bot.kit.events import MessageEdited, MessagePosted
from models import giving, ledger, members
from models.ledger import Entry
from models.spans import DAY


@thanks.listener(MessagePosted, bulk=True)
async def thank(work: BulkWork, events: Sequence[MessagePosted]) -> None:
    """If the message is deleted, bot/economy/points takes these points back with all else that it earned."""
    thanking = [
        event for event in events if may_thank(event) and is_thanks(event.text) and event.cause not in work.retracted
    ]
    if not thanking or not work.setting(POINTS):
        return
    await ledger.lock(work.tx, work.community)
    for event in sorted(thanking, key=lambda each: each.at):
        await _thank(work, event)


@thanks.listener(MessageEdited)
async def think_again(work: Work, event: MessageEdited) -> None:
    """An edit that removes the thanks takes the points back; an edit that adds thanks earns nothing."""
    if event.about and not is_thanks(event.text):
        await points_acts.unearn(work, [event.about], "edited", paid_for=REASON)


async def _thank(work: BulkWork, event: MessagePosted) -> None:
    donor = work.of(event).member
    if donor is None or (event.who and event.who.bot) or is_new(donor, work.now, known_after(work)):
        return
    day = work.calendar.day(event.at)
    before = await giving.thanked(work.tx, work.community, donor, event.at - 2 * DAY)
    limits = Limits(hourly=work.setting(HOURLY), daily=work.setting(DAILY))
    entries = [
        Entry(
            community_id=work.community,
            at=event.at,
            day=day,
            member_id=member,
            kind="earn",
            amount=work.setting(POINTS),
            counts=True,
            reason=REASON,
            cause=event.cause,
            other_id=donor,
            place_id=work.of(event).place,
        )
        for member in counted(await _thanked(work, event, donor), event.at, day, before, limits)
    ]
    await points_acts.pay(work, entries)


async def _thanked(work: BulkWork, event: MessagePosted, donor: int) -> list[int]:
    """The members who are answered or named and are here, without bots and the donor."""
    platform = event.who.platform if event.who else ""
    target = work.of(event).target
    found = [await members.member(work.tx, work.community, target)] if target else []
    keys = [(each.platform, each.id) for each in event.mentioned[:AT_ONCE]]
    accounts = await members.find_accounts(work.tx, work.community, keys)
    found += [await members.member(work.tx, work.community, account.member_id) for account in accounts]
    found += [await members.by_username(work.tx, work.community, platform, name) for name in named(event.text)]
    here = [each.id for each in found if each and not each.bot and each.left_at is None and each.id != donor]
    return here[:AT_ONCE]
