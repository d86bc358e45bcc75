"""Checks once a day what all members have reached, in parts; listeners award the rest as it happens."""

from datetime import timedelta

from bot.kit import Remind, Work
from bot.standing.badges import acts, badges
from bot.standing.badges.rules import measured, reached
from bot.standing.badges.settings import EARNED, FOUNDERS
from models import badges as badges_store
from models.badges import Round
from models.spans import DAY

#: our reminder of the next part of a round
ROUND = "badges"
#: between two parts, so that others can write
PAUSE = timedelta(seconds=5)
#: days added up in one part, and pages of members checked: a tenth of a second in a large community
DAYS, PAGES, PAGE = 7, 4, 500
LAST = 2**63 - 1


@badges.job("45 4 * * *")
async def begin(work: Work) -> None:
    """The first round covers the past, so it tells nobody."""
    if not work.setting(EARNED):
        return
    state = await badges_store.round_(work.tx, work.community)
    if state is None:
        first = await badges_store.first_day(work.tx, work.community)
        state = Round(work.now // DAY - 1 if first is None else first - 1, 0, told=False)
    else:
        state = state._replace(last_member_id=0, told=True)
    founders = await badges_store.founders(work.tx, work.community, work.setting(FOUNDERS))
    await acts.earn(work, {member_id: reached({"founder": 1}) for member_id in founders}, told=state.told)
    await badges_store.keep_round(work.tx, work.community, state)
    await go_on(work)


@badges.moment(ROUND)
async def go_on(work: Work) -> None:
    """Add up days first, since the checks need them; then check members page by page, with a pause between parts."""
    state = await badges_store.round_(work.tx, work.community)
    if state is None:
        return
    yesterday, over = work.now // DAY - 1, False
    if state.day < yesterday:
        upto = min(state.day + DAYS, yesterday)
        await badges_store.add_up(work.tx, work.community, state.day, upto)
        state = state._replace(day=upto)
    if state.day >= yesterday:
        state, over = await _look(work, state)
    await badges_store.keep_round(work.tx, work.community, state)
    if not over:
        once = f"{ROUND}:{state.day}:{state.last_member_id}:{work.now}"
        await work.promise(Remind(subject=ROUND), after=PAUSE, once=once)


async def _look(work: Work, state: Round) -> tuple[Round, bool]:
    """Check some pages of members; return whether they were the last."""
    for _ in range(PAGES):
        page = await badges_store.deeds(work.tx, work.community, state.last_member_id + 1, LAST, PAGE)
        if page:
            last = page[-1].member_id
            held = await badges_store.awards(work.tx, work.community, page[0].member_id, last)
            known = {(each.member_id, each.badge) for each in held}
            come_to = {each.member_id: reached(measured(each, work.now, work.calendar)) for each in page}
            new = {member: [key for key in keys if (member, key) not in known] for member, keys in come_to.items()}
            await acts.earn(work, new, told=state.told)
            state = state._replace(last_member_id=last)
        if len(page) < PAGE:
            return state, True
    return state, False
