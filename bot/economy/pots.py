"""What raffles and contests share: each has a number and an end, closes once, and leaves nothing in escrow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from bot.community.activity import acts as activity_acts
from bot.community.basics.settings import LANGUAGE
from bot.economy.points import acts as points_acts
from bot.kit import (
    Choice,
    Duration,
    OptionRefused,
    Post,
    Range,
    Refusal,
    Remind,
    Reply,
    Work,
    command_line,
    read_number,
)
from bot.kit.calendar import moment
from models import communities, ledger, pots
from models.ledger import Entry
from models.numbers import next_number
from models.pots import Pot

#: the longest title, in characters
TITLE = 100
#: how many are listed, and how many may be open in a community
LISTED = 10

Points = Annotated[int, Range(1, 1_000_000)]
Lasts = Annotated[Duration, Range(60, 366 * 86_400)]


async def open_pot(work: Work, kind: str, lasts: timedelta, **facts: Any) -> Pot:
    """Open it for members who read in this place, and promise the moment of its end."""
    if work.place is None:
        raise Refusal("refusal.in_public")
    await ledger.lock(work.tx, work.community)
    if len(await pots.open_pots(work.tx, work.community, kind, LISTED)) == LISTED:
        raise Refusal(f"{kind}.pot_many", limit=LISTED)
    opened = Pot(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        kind=kind,
        owner_id=work.member.id,
        place_id=work.place.id,
        opened_at=work.now,
        ends_at=work.now + round(lasts.total_seconds() * 1000),
        **facts,
    )
    await pots.add(work.tx, opened)
    await work.promise(Remind(subject=opened.subject), after=lasts)
    return opened


async def find_pot(work: Work, kind: str, typed: str) -> Pot:
    """An open pot, under the ledger's lock, so that meanwhile nobody joins or closes it."""
    await ledger.lock(work.tx, work.community)
    found = await pots.pot(work.tx, work.community, read_number(kind, typed))
    if found is None or found.kind != kind or not await work.knows(found.place_id):
        raise OptionRefused(kind, f"{kind}.pot_no_such", so_far=command_line(work.path.replace(".", " ")))
    if found.closed_at is not None or found.ends_at <= work.now:
        raise Refusal(f"{kind}.pot_over", number=found.number)
    return found


async def heard_of(work: Work, kind: str) -> list[Pot]:
    """The open pots in places that the actor may know of."""
    found = await pots.open_pots(work.tx, work.community, kind, LISTED)
    return [each for each in found if await work.knows(each.place_id)]


async def choices(work: Work, kind: str, typed: str) -> list[Choice]:
    near = [each for each in await heard_of(work, kind) if typed.casefold() in f"{each.number} {each.title}".casefold()]
    return [Choice(str(each.number), titled(work, each)) for each in near]


async def is_due(work: Work, number: int) -> Pot | None:
    """The pot that a reminder names, if its time is over."""
    found = await pots.pot(work.tx, work.community, number)
    return found if found and found.closed_at is None and found.ends_at <= work.now else None


async def overdue(work: Work, kind: str) -> list[Pot]:
    """Pots whose reminder did not come, for example because a listener failed or two communities became one."""
    found = await pots.open_pots(work.tx, work.community, kind, 10 * LISTED)
    return [each for each in found if each.ends_at <= work.now]


async def awaits(work: Work, pot: Pot, member_ids: Sequence[int]) -> bool:
    """Whether the end must wait until we know which of these members are still here; each is looked for once."""
    lane = f"look:{pot.subject}"
    if not await activity_acts.look(work, member_ids, lane):
        return False
    await work.promise(Remind(subject=pot.subject), lane=lane)
    return True


async def close(work: Work, pot: Pot, outcome: str) -> bool:
    """Close it and return whether it was open: of two callers only one gets True, and pays."""
    await ledger.lock(work.tx, work.community)
    return await pots.close(work.tx, work.community, pot.number, outcome, work.now)


async def cancel(work: Work, pot: Pot) -> None:
    """Give every stake back, and say so where the pot was opened."""
    if await close(work, pot, "cancelled"):
        await points_acts.give_back(work, pot.subject, f"{pot.kind}_back")
        out = await aloud(work, pot)
        await announce(out, pot, out.say(f"{pot.kind}.pot_cancelled", number=pot.number, title=titled(out, pot)))


async def pay(work: Work, pot: Pot, shares: Mapping[int, int]) -> None:
    """Pay each member their share of the escrow, or new points if nothing was staked."""
    new = pot.prize == "new"
    kind, subject = ("adjust", None) if new else ("release", pot.subject)
    paid = {member_id: share for member_id, share in shares.items() if share}
    await points_acts.write(
        work,
        [
            _paid(work, pot, member_id, kind, share, f"{pot.kind}_won", subject)._replace(counts=new)
            for member_id, share in paid.items()
        ],
    )


async def use_up(work: Work, pot: Pot, stakes: Sequence[Entry]) -> None:
    """Take the stakes out of escrow, and book them as spent by the members who staked."""
    sums: Counter[int] = Counter()
    for each in stakes:
        sums[each.member_id] -= each.amount
    freed = [_paid(work, pot, who, "release", total, f"{pot.kind}_back", pot.subject) for who, total in sums.items()]
    spent = [_paid(work, pot, who, "spend", -total, f"{pot.kind}_spent") for who, total in sums.items()]
    await points_acts.write(work, [*freed, *spent])


async def aloud(work: Work, pot: Pot) -> Work:
    """Work that speaks where the pot was opened: in the community's language, with mentions of that platform."""
    place = await communities.place(work.tx, work.community, pot.place_id)
    there = work.speaking(work.setting(LANGUAGE).value)
    return replace(there, platform=place.platform) if place else there


async def announce(work: Work, pot: Pot, said: Reply) -> None:
    await work.promise(Post(place=pot.place_id, reply=said), once=f"{pot.subject}:closed")


def titled(work: Work, pot: Pot) -> str:
    """Its title, or the words for a pot of points."""
    return pot.title or work.words("raffle.pot")


def ends(pot: Pot) -> datetime:
    return moment(pot.ends_at)


def split(total: int, among: Sequence[int]) -> dict[int, int]:
    """Split evenly; the first member gets the remainder."""
    share, rest = divmod(total, len(among))
    return {member: share + (rest if place == 0 else 0) for place, member in enumerate(among)}


def _paid(
    work: Work, pot: Pot, member_id: int, kind: str, amount: int, reason: str, subject: str | None = None
) -> Entry:
    """The pot is its own cause, so that it pays once whatever closes it."""
    return Entry(
        community_id=work.community,
        at=work.now,
        day=work.today,
        member_id=member_id,
        kind=kind,
        amount=amount,
        counts=False,
        reason=reason,
        cause=f"{pot.subject}:closed",
        place_id=pot.place_id,
        subject=subject,
        note=pot.title or None,
    )
