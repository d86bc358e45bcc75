"""Updates levels when points move, and all members' levels, page by page, when the rules change."""

from bot.kit import Work
from bot.kit.events import EffectRefused, PointsMoved, SettingChanged
from bot.standing.levels import acts, levels
from bot.standing.levels.settings import RULES
from models import levels as levels_store


@levels.listener(PointsMoved)
async def follow(work: Work, event: PointsMoved) -> None:
    """At once when somebody decided the points; every few seconds when points flow."""
    if not event.flowing or await acts.rested(work):
        await acts.catch_up(work)


levels.moment(acts.FLOWED)(acts.catch_up)
levels.moment(acts.RESYNC)(acts.resync)


@levels.listener(SettingChanged)
async def look_again(work: Work, event: SettingChanged) -> None:
    if event.key in RULES:
        await acts.begin_resync(work)


@levels.listener(EffectRefused)
async def give_up(work: Work, event: EffectRefused) -> None:
    """A deleted role is removed from all levels; staff hear of it as of every final no."""
    if event.role and event.reason == "role_gone":
        await levels_store.remove_role(work.tx, work.community, event.role)
