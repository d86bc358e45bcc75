"""Notes where we are and who can be reached, and tells staff once what only they can fix, and how."""

from collections.abc import Sequence

from bot.community.basics import basics
from bot.community.basics.settings import STAFF_PLACE
from bot.kit import BulkWork, Post, Tone, Work
from bot.kit.events import AnswerShown, EffectGivenUp, EffectRefused, PlaceFound, PlaceLost, ReachChanged
from models import communities, members, promises
from models.communities import Place
from models.spans import DAY

#: the same trouble is told once a day, however many members it concerns


@basics.listener(EffectRefused)
async def tell_staff(work: Work, event: EffectRefused) -> None:
    """Not about a member who blocks us or has left, which is their own choice; the rest needs somebody with rights."""
    if event.reason in ("closed_dm", "blocked"):
        if event.member_id:
            await _close(work, event.member_id)
        return
    await _notify(work, event, "notice.refused")


@basics.listener(EffectGivenUp)
async def tell_given_up(work: Work, event: EffectGivenUp) -> None:
    await _notify(work, event, "notice.unsure" if event.reason == "unknown" else "notice.refused")


async def _notify(work: Work, event: EffectRefused | EffectGivenUp, words: str) -> None:
    staff_place = work.setting(STAFF_PLACE)
    if staff_place is None or staff_place == event.place_id or event.reason == "member_gone":
        return
    member = await members.member(work.tx, work.community, event.member_id) if event.member_id else None
    place = await communities.place(work.tx, work.community, event.place_id) if event.place_id else None
    notice = work.say(
        words,
        effect=work.words(f"effect.{event.effect}"),
        member=member,
        place=place,
        mend=work.words(f"mend.{event.reason}"),
    ).but(tone=Tone.CAREFUL)
    await work.promise(
        Post(place=staff_place, reply=notice),
        once=f"{words.removeprefix('notice.')}:{event.effect}:{event.reason}:{_where(place)}:{event.at // DAY}",
    )


@basics.listener(AnswerShown)
async def settle(work: Work, event: AnswerShown) -> None:
    await promises.shown(work.tx, work.community, event.answered)


@basics.listener(PlaceLost)
async def lose(work: Work, event: PlaceLost) -> None:
    if event.spot:
        await communities.lost_place(work.tx, event.spot.platform, event.spot.id, event.at)


@basics.listener(PlaceFound)
async def find(work: Work, event: PlaceFound) -> None:
    if event.spot:
        await communities.found_place(work.tx, event.spot.platform, event.spot.id)


@basics.listener(ReachChanged, bulk=True)
async def reach(work: BulkWork, events: Sequence[ReachChanged]) -> None:
    for event in events:
        if event.who:
            await members.set_reachable(work.tx, event.who.platform, event.who.id, event.reachable)


def _where(place: Place | None) -> int | None:
    """The place to report for: trouble in one thread or topic affects its neighbours too."""
    return place.parent_id if place and place.kind in ("thread", "topic") else place.id if place else None


async def _close(work: Work, member_id: int) -> None:
    for account in await members.accounts_of(work.tx, work.community, member_id):
        if account.reachable:
            await members.set_reachable(work.tx, account.platform, account.external_id, False)
