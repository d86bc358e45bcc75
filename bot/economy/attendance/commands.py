"""Members say that they attend; moderators open, close, read and correct the list."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from bot.economy.attendance import acts, attendance, views
from bot.economy.attendance.rules import code_of, folded, is_open, objection
from bot.economy.attendance.settings import POINTS
from bot.economy.points import acts as points_acts
from bot.kit import (
    Access,
    Choice,
    Duration,
    Range,
    Refusal,
    Remind,
    Reply,
    Style,
    Suggest,
    Tell,
    Tone,
    Work,
    command_line,
    happened,
    join,
    read_name,
    read_number,
)
from bot.kit.events import GatheringAttended
from models import gatherings
from models.gatherings import Gathering
from models.members import Member
from models.numbers import next_number

#: the reason in the ledger
REASON = "attendance"
TITLE = 100

Lasts = Annotated[Duration, Range(60, 7 * 86_400)]


async def open_now(work: Work, typed: str) -> Sequence[Choice]:
    return _choices(await _open(work), typed)


async def any_time(work: Work, typed: str) -> Sequence[Choice]:
    return _choices(await gatherings.latest(work.tx, work.community, 25), typed)


@attendance.command("attendance open", access=Access.STAFF)
async def open_(
    work: Work,
    title: Annotated[str, Range(1, TITLE)],
    lasts: Lasts = timedelta(hours=2),
    points: Annotated[int | None, Range(0, 1000)] = None,
    code: bool = False,
) -> Reply:
    if work.place is None:
        raise Refusal("attendance.open.where")
    gathering = Gathering(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        title=read_name("title", title, TITLE),
        points=work.setting(POINTS) if points is None else points,
        code=code_of(work.desk.chance()) if code else None,
        place_id=work.place.id,
        owner_id=work.member.id,
        opened_at=work.now,
        closes_at=work.now + round(lasts.total_seconds() * 1000),
    )
    await gatherings.add(work.tx, gathering)
    await work.promise(Remind(subject=f"gathering:{gathering.number}"), after=lasts)
    if gathering.code:
        told = work.say("code", title=gathering.title, code=gathering.code)
        await work.promise(Tell(member=work.member.id, reply=told))
    lines = [work.say("opened_code" if code else "opened", title=gathering.title).text]
    if worth := await points_acts.worth(work, gathering.points):
        lines.append(work.say("worth", count=worth).text)
    lines.append(work.say("until", lasts=lasts, number=str(gathering.number)).text)
    press = work.button("press", command_line("attend", "", gathering.number), Style.MAIN)
    return Reply(text=join(lines), buttons=() if code else (press,))


@attendance.command("attend", guessed=True)
async def attend(
    work: Work, code: Annotated[str, Range(0, 20)] = "", number: Annotated[str, Suggest(open_now)] = ""
) -> Reply:
    """Note each member once and pay them once, however often they say it."""
    gathering = await _meant(work, code, number)
    if refusal := objection(gathering, work.member, code, work.now):
        raise refusal
    if not await gatherings.attend(work.tx, work.community, gathering.number, work.member.id, work.now):
        raise Refusal("attend.already", title=gathering.title)
    cause = f"attended:{gathering.number}:{work.member.id}"
    await happened(work, GatheringAttended(cause=cause, at=work.now, home=work.community, member_id=work.member.id))
    place, title = gathering.place_id, gathering.title
    paid = await points_acts.earn(
        work, work.member, gathering.points, REASON, _cause(gathering), place_id=place, note=title
    )
    if not paid:
        return work.say("noted", title=title).but(private=True, tone=Tone.GOOD)
    return work.say("earned", title=title, count=paid[0].amount).but(private=True, tone=Tone.GOOD)


@attendance.command("attendance close", access=Access.STAFF)
async def close(work: Work, number: Annotated[str, Suggest(open_now)] = "") -> Reply:
    gathering = await _chosen(work, number, await _open(work))
    if not await gatherings.close(work.tx, work.community, gathering.number, work.now):
        raise Refusal("attend.over", title=gathering.title)
    await acts.thank(work, gathering)
    return await views.roll(work, gathering)


@attendance.command("attendance list", access=Access.STAFF, reads=True, cost=3)
async def list_(work: Work, number: Annotated[str, Suggest(any_time)] = "") -> Reply:
    gathering = await _chosen(work, number, await gatherings.latest(work.tx, work.community, 25))
    reply = await views.roll(work, gathering)
    if gathering.code and is_open(gathering, work.now):
        code = work.say("attendance.open.code", title=gathering.title, code=gathering.code).text
        return reply.but(text=join([reply.text, code]))
    return reply


@attendance.command("attendance undo", access=Access.STAFF)
async def undo(work: Work, member: Member, number: Annotated[str, Suggest(any_time)] = "") -> Reply:
    """Strike the member off the list for good, take back what they earned by it, and tell them."""
    gathering = await _chosen(work, number, await gatherings.latest(work.tx, work.community, 25))
    if not await gatherings.strike(work.tx, work.community, gathering.number, member.id, work.now):
        raise Refusal("attendance.undo.absent", member=member, title=gathering.title)
    standing = await points_acts.look(work, member)
    back = await points_acts.unearn(work, [_cause(gathering)], "undo", member)
    await points_acts.audit(work, [(each, standing.balance - standing.debt) for each in back])
    for each in back:
        told = work.speaking(member.speaks).say(
            "told", title=gathering.title, count=-each.amount, number=str(each.reverses)
        )
        await work.promise(Tell(member=member.id, reply=told))
    return work.say("undone", member=member, title=gathering.title).but(private=True)


async def _open(work: Work) -> Sequence[Gathering]:
    """The open gatherings in places that the actor may know of."""
    return await gatherings.open_gatherings(work.tx, work.community, 25, await work.knowing())


async def _meant(work: Work, code: str, number: str) -> Gathering:
    """The gathering that the member named or whose code it is; else the newest in this place, or anywhere."""
    near = [each for each in await _open(work) if is_open(each, work.now)]
    named = [each for each in near if each.code == folded(code)] if code else []
    return await _chosen(work, number, named or near)


async def _chosen(work: Work, number: str, near: Sequence[Gathering]) -> Gathering:
    if number:
        found = await gatherings.gathering(work.tx, work.community, read_number("number", number))
        if found is None or not await work.knows(found.place_id):
            raise Refusal("attendance.unknown")
        return found
    if not near:
        raise Refusal("attendance.none")
    here = work.place.id if work.place else None
    return next((each for each in near if each.place_id == here), near[0])


def _cause(gathering: Gathering) -> str:
    """Includes the community, because each community counts from one, and two communities may become one."""
    return f"attendance:{gathering.community_id}:{gathering.number}"


def _choices(found: Sequence[Gathering], typed: str) -> Sequence[Choice]:
    near = [each for each in found if typed in str(each.number) or typed.casefold() in each.title.casefold()]
    return [Choice(str(each.number), f"#{each.number} · {each.title}") for each in near]
