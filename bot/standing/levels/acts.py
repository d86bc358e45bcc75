"""Levels follow scores: finds members who crossed a level, gives the roles it brings, and announces it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.community.rewards import acts as rewards_acts
from bot.kit import Post, Remind, Rich, Tell, Tone, Work, join
from bot.standing.levels.rules import Shape, brought, level_of, needed
from bot.standing.levels.settings import PLACE, PRIVATE, STACK, shape_of
from models import levels, members, roles, standings
from models.levels import LOWEST, Climber, LevelRole
from models.roles import Reason, Reward

#: the reason of roles that levels bring
REASON = "level"
#: our reminders: of levels to check, and of the next page of a resync
FLOWED, RESYNC = "levels", "resync"
#: while points flow, levels are checked at most so often
REST = timedelta(seconds=5)
#: between two pages of a resync, and how many roles change in one: in between, other promises are kept
PAUSE, PACE = timedelta(minutes=1), 200
#: how many members' levels are checked in one transaction
PAGE = 500
#: so many are announced one by one; more at once, as after an import, are counted
TOLD = 5


async def catch_up(work: Work) -> None:
    """Settle new points and update levels. Levels that were never checked before are not announced."""
    await standings.settle(work.tx, work.community)
    span = await levels.unseen(work.tx, work.community)
    if span is None:
        return
    shape = shape_of(work)
    found = await levels.climbers(work.tx, work.community, span, needed(1, shape), PAGE)
    await follow(work, found, shape)
    if len(found) < PAGE:
        await levels.seen(work.tx, work.community, span[1])
    if span[0]:
        await _tell(work, [each for each in found if level_of(each.score, shape) > (each.level or 0)], shape)


async def rested(work: Work) -> bool:
    """Whether the last check is long enough ago; if not, promise one soon."""
    rest = round(REST.total_seconds() * 1000)
    if work.now - await levels.last_look(work.tx, work.community) >= rest:
        return True
    await work.promise(Remind(subject=FLOWED), after=REST, once=f"{FLOWED}:{work.now // rest}")
    return False


async def begin_resync(work: Work) -> None:
    await levels.begin_resync(work.tx, work.community, work.now)
    await work.promise(Remind(subject=RESYNC), once=f"{RESYNC}:{work.now}:0")


async def resync(work: Work) -> None:
    """Go page by page until as many roles changed as one part may change; then continue after a pause."""
    state = await levels.resync(work.tx, work.community)
    if state is None or state.ended_at is not None:
        return
    shape, changed = shape_of(work), 0
    while changed < PACE and state.ended_at is None:
        page = await levels.next_page(work.tx, work.community, state.last_member_id, PAGE)
        changed += await follow(work, page, shape)
        changed += await rewards_acts.heal(work, [each.member_id for each in page])
        state = replace(
            state,
            done=state.done + len(page),
            last_member_id=page[-1].member_id if page else state.last_member_id,
            ended_at=work.now if len(page) < PAGE else None,
        )
    await levels.keep_resync(work.tx, replace(state, changed=state.changed + changed))
    if state.ended_at is None:
        await work.promise(Remind(subject=RESYNC), after=PAUSE, once=f"{RESYNC}:{state.begun_at}:{state.done}")


async def follow(work: Work, found: Sequence[Climber], shape: Shape) -> int:
    """Store their levels and match their roles to them; return how many roles are given or taken."""
    rows = []
    for each in found:
        level = level_of(each.score, shape)
        begun = needed(level, shape) if level else LOWEST
        rows.append((work.community, each.member_id, level, begun, needed(level + 1, shape)))
    await levels.found(work.tx, rows)
    declared = await levels.level_roles(work.tx, work.community)
    stack = work.setting(STACK)
    held: defaultdict[int, list[Reason]] = defaultdict(list)
    for reason in await roles.reasons_of(work.tx, work.community, [each.member_id for each in found]):
        if reason.reason == REASON:
            held[reason.member_id].append(reason)
    holds, drops = [], []
    for _, member_id, level, *_ in rows:
        wanted = {_key(role): role for role in brought(level, declared, stack=stack)}
        known = {(each.role_id, each.subject): each for each in held[member_id]}
        holds += [_reason(work, member_id, role) for key, role in wanted.items() if key not in known]
        drops += [reason for key, reason in known.items() if key not in wanted]
    return await rewards_acts.change(work, holds, drops)


def _key(role: LevelRole) -> tuple[str, str]:
    return role.role_id, str(role.level)


def _reason(work: Work, member_id: int, role: LevelRole) -> Reason:
    return rewards_acts.why(work, member_id, Reward(role.place_id, role.role_id, role.name), REASON, role.level)


async def _tell(work: Work, risen: Sequence[Climber], shape: Shape) -> None:
    place, private = work.setting(PLACE), work.setting(PRIVATE)
    if not risen or not (place or private):
        return
    lines: list[Rich] = []
    for each in risen[:TOLD]:
        member = await members.member(work.tx, work.community, each.member_id)
        if member is None or member.bot or member.left_at is not None:
            continue
        level = level_of(each.score, shape)
        lines.append(work.say("levels.reached", member=await work.mention(member), level=level).text)
        if private:
            told = work.speaking(member.speaks).say("levels.reached_you", level=level).but(tone=Tone.GOOD)
            once = f"level:{member.id}:{level}"
            await work.promise(Tell(member=member.id, reply=told, repeats=False), once=once)
    if len(risen) > TOLD:
        lines.append(work.say("levels.reached_more", count=len(risen) - TOLD).text)
    if place and lines:
        told = work.say("levels.reached_more", count=0).but(text=join(lines), tone=Tone.GOOD)
        await work.promise(Post(place=place, reply=told))
