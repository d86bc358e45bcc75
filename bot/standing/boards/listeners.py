"""Keeps staff off the boards where a community wants that, and brings them back when it no longer does."""

from bot.kit import Work
from bot.kit.events import RolesTold, SettingChanged
from bot.kit.references import STAFF as MODERATES
from bot.standing.boards import boards
from bot.standing.boards.settings import STAFF
from models import roles, standings


@boards.listener(RolesTold)
async def seat(work: Work, event: RolesTold) -> None:
    if work.setting(STAFF):
        return
    held = await roles.roles_of(work.tx, work.community, event.members)
    staff = {member for member in event.members if MODERATES in held.get(member, ())}
    await standings.exclude(work.tx, work.community, sorted(staff), excluded=True)
    excluded = set(await standings.excluded_members(work.tx, work.community))
    await standings.exclude(work.tx, work.community, sorted((set(event.members) - staff) & excluded), excluded=False)


@boards.listener(SettingChanged)
async def seat_all(work: Work, event: SettingChanged) -> None:
    if event.key != STAFF.key:
        return
    shown = work.setting(STAFF)
    await standings.exclude(
        work.tx, work.community, await standings.excluded_members(work.tx, work.community), excluded=False
    )
    if not shown:
        staff = await roles.holders(work.tx, work.community, MODERATES)
        await standings.exclude(work.tx, work.community, staff, excluded=True)
