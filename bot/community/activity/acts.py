"""Who is here, where the platform does not tell: known from what members do, from chance finds, and by looking."""

from collections.abc import Sequence

from bot.community.activity.settings import KEEP
from bot.community.endings import acts as endings_acts
from bot.community.endings.acts import Ending
from bot.kit import Access, BulkWork, LookFor, Work, happened
from bot.kit.events import CommandGiven, Event, MemberJoined, MemberLeft, VoiceSpent
from bot.kit.references import Message, Person
from models import activity, communities, members, stays
from models import activity as activity_store
from models.activity import Fact
from models.ids import born
from models.spans import DAY, MINUTE
from models.stays import Sign


async def learn(work: BulkWork, events: Sequence[Event]) -> None:
    """An author in a guild or chat is in it; a command also tells which of the people it names are not."""
    signs: dict[int, Sign] = {}
    for event in events:
        member, who = work.of(event).member, event.who
        if member is not None and who and not who.bot and _is_there(work, event):
            before = signs[member].at if member in signs else 0
            signs[member] = Sign(member, who.since, max(_begun(event), before), back=True)
    for sign in await stays.news(work.tx, [(work.community, *each[:3]) for each in signs.values()]):
        await _arrived(work, sign)
    for event in events:
        if isinstance(event, CommandGiven):
            await _miss_named(work, event)


async def look(work: Work, member_ids: Sequence[int], lane: str | None = None) -> int:
    """Promise to look for each member without a sign for a day, where the platform does not tell who leaves.

    Returns how many we look for. A later promise in the same lane waits until all of them are done.
    """
    hidden = [name for name, able in sorted(work.desk.abilities.items()) if not able.leaves]
    if not hidden or not member_ids:
        return 0
    unseen = await stays.unseen(work.tx, work.community, member_ids, work.now // DAY, work.now - DAY)
    accounts = await members.accounts(work.tx, work.community, unseen)
    looked: set[int] = set()
    for platform in hidden:
        roots = [each.id for each in await communities.roots(work.tx, work.community, platform)]
        there = {each.member_id for each in accounts if each.platform == platform} - looked if roots else set()
        for member in sorted(there):
            await work.promise(LookFor(place=roots[0], member=member, others=tuple(roots[1:])), lane=lane)
        looked |= there
    await stays.mark_looked(work.tx, work.community, sorted(looked), work.now)
    return len(looked)


async def miss(work: Work, member_id: int, place_id: int | None, *, looked: bool = False) -> None:
    """A member is not where we expected them: they left, unless they are in another guild of the community."""
    place = await communities.place(work.tx, work.community, place_id) if place_id else None
    if place and not looked:
        roots = await communities.roots(work.tx, work.community, place.platform)
        tried = (await communities.lineage(work.tx, work.community, [place.id])).get(place.id, [])
        if others := tuple(each.id for each in roots if each.id not in tried):
            await work.promise(LookFor(place=others[0], member=member_id, others=others[1:]))
            return
    gone = await members.member(work.tx, work.community, member_id)
    if gone and gone.left_at is None:
        cause = f"{work.cause}:gone:{member_id}"
        await _found(work, MemberLeft(cause=cause, at=work.now, home=work.community), member_id)


async def _arrived(work: BulkWork, sign: Sign) -> None:
    """Note when the member joined, even if we learn it late; a member who had left is back."""
    if not sign.back:
        await stays.mark_joined(work.tx, [(work.community, sign.member_id, sign.since)])
        return
    member = await members.known(work.tx, work.community, sign.member_id)
    left_at = member.left_at or 0
    at = sign.since if sign.since > left_at else max(sign.at, left_at)
    came = MemberJoined(cause=f"back:{sign.member_id}:{at}", at=at, home=work.community)
    await _found(work, came, sign.member_id)


async def _found(work: Work | BulkWork, event: MemberJoined | MemberLeft, member_id: int) -> None:
    """Record it as a fact, as if the platform had told it."""
    day = event.at // DAY
    fact = Fact(work.community, event.cause, event.at, day, event.kind, member_id)
    if await activity.record(work.tx, [fact]):
        await happened(work, event, await members.known(work.tx, work.community, member_id))


async def _miss_named(work: BulkWork, event: CommandGiven) -> None:
    """Check the people a command names; also its author, where the platform was asked because they write in private."""
    author, standing = work.of(event).member, event.invocation.standing
    if author is not None and (standing.access, standing.community) == (Access.STRANGER, work.community):
        await miss(await work.alone(event), author, None)
    for person in _absent(event):
        await _missing(work, event, person)


async def _missing(work: BulkWork, event: CommandGiven, person: Person) -> None:
    places = await communities.find_places(work.tx, [(person.platform, person.absent or "")])
    accounts = await members.find_accounts(work.tx, work.community, [(person.platform, person.id)])
    if not accounts or not places or places[0].community_id != work.community:
        return
    member_id = accounts[0].member_id
    if born(member_id) >= work.now:  # a stranger, first known to us from this very command
        await stays.mark_left(work.tx, [(work.community, member_id, work.now)])
    else:
        await miss(await work.alone(event), member_id, places[0].id)


def _absent(event: CommandGiven) -> list[Person]:
    given = event.invocation.options.values()
    named = (value.author if isinstance(value, Message) else value for value in given)
    return [each for each in named if isinstance(each, Person) and each.absent and not each.bot]


def _is_there(work: BulkWork, event: Event) -> bool:
    """The author acted in a place, or in private while their platform vouches for them."""
    in_place = event.spot is not None and event.spot.root.kind != "dm"
    if not isinstance(event, CommandGiven):
        return in_place
    return event.invocation.standing.shows_presence(work.community, in_place=in_place)


def _begun(event: Event) -> int:
    """When it began: what lasted is told at its end, when its members may be gone."""
    return event.at - event.minutes * MINUTE if isinstance(event, VoiceSpent) else event.at


#: in one night; the rest waits for the next, so that no night blocks the writer for long
NIGHTLY = 50_000
#: how many days become too old from one night to the next, if one night was missed
USUAL = 2


async def prune(work: Work) -> None:
    keep = work.setting(KEEP)
    before = (work.now - round(keep.total_seconds() * 1000)) // DAY
    if await _is_usual(work, before) or await endings_acts.may(
        work, Ending.HISTORY, await activity_store.due(work.tx, work.community, before)
    ):
        await activity_store.prune(work.tx, work.community, before, NIGHTLY)


async def _is_usual(work: Work, before: int) -> bool:
    """That days become too old one by one is no jump of the clock, however much was said in them."""
    oldest = await activity_store.oldest_day(work.tx, work.community)
    return oldest is None or oldest >= before - USUAL
