"""The one way in which members earn: weighed by where and who they are, written once, counted for limits, and told."""

from collections.abc import Collection, Sequence

from bot.economy.points.rules import NONE, Multipliers, accrue, nearest, of_roles, tally, weighed
from bot.economy.points.settings import WEIGHT
from bot.kit.events import PointsMoved
from bot.kit.listening import happened
from bot.kit.work import BulkWork, Work
from models import communities, ledger, multipliers, roles
from models.ledger import Entry


async def pay(work: Work | BulkWork, entries: Sequence[Entry]) -> list[Entry]:
    """Entries come with what is usual for them; what comes to nothing here, or was paid before, is left out."""
    if not entries:
        return []
    weight = work.setting(WEIGHT)
    applied = await applying(work, {each.member_id for each in entries}, {each.place_id for each in entries})
    return await book(work, [each for entry in entries if (each := weighed(entry, weight, applied)).amount])


async def worth(work: Work, amount: int) -> int:
    """What is usually paid so much for, in this place, to somebody of no special role."""
    here = work.place.id if work.place else None
    applied = await applying(work, [], [here])
    return accrue(0, amount, work.setting(WEIGHT), *(each.percent for each in applied.of(here)))


async def book(work: Work | BulkWork, entries: Sequence[Entry]) -> list[Entry]:
    """Entries that come to what they should already."""
    written = await ledger.write(work.tx, entries, work.desk.ids)
    await ledger.add_earning(work.tx, tally(written))
    await tell(work, written)
    return written


async def tell(work: Work | BulkWork, moved: Sequence[Entry]) -> None:
    """Whoever follows scores; what comes in batches flows."""
    if any(each.counts for each in moved):
        flowing = isinstance(work, BulkWork)
        cause = f"points:{moved[-1].id}"
        await happened(work, PointsMoved(cause=cause, at=work.now, home=work.community, flowing=flowing))


async def applying(work: Work | BulkWork, members: Collection[int], places: Collection[int | None]) -> Multipliers:
    """One question where there are none, three where there are of places and of roles, however many events."""
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
