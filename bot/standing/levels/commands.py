"""How far a member has come, their rank, and which roles administrators let levels bring."""

from dataclasses import dataclass
from typing import Annotated

from bot.community.rewards import acts as rewards_acts
from bot.kit import Access, Range, Refusal, Reply, Tone, Work, command_line, join
from bot.kit.audit import note
from bot.kit.markup import plain
from bot.kit.references import Role
from bot.kit.replies import Drawing
from bot.standing.badges import acts as badges_acts
from bot.standing.levels import acts, levels
from bot.standing.levels.rules import HIGHEST, bar, level_of, needed, permille
from bot.standing.levels.settings import CARD, shape_of
from models import levels as levels_store
from models import rankings, standings, streaks
from models.levels import LevelRole
from models.members import Member
from models.rankings import Ranked

#: levels that are always listed, even if they bring nothing
FIRST = (1, 2, 3, 5, 10, 20, 50)
#: how many badges are shown with a rank
BADGES = 6

Level = Annotated[int, Range(1, HIGHEST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """Where a member is between two levels."""

    score: int
    level: int
    done: int
    whole: int

    @property
    def missing(self) -> int:
        return self.whole - self.done


@levels.command("rank", cost=3)
async def rank(work: Work, member: Member | None = None) -> Reply:
    """Settles first, so that a rank is never older than the points shown with it."""
    who = member or work.member
    await standings.settle(work.tx, work.community)
    at = await _progress(work, who)
    ranked = await rankings.rank(work.tx, work.community, who.id)
    place, values = await _place(work, ranked)
    shown = bar(at.done, at.whole)
    lines = [
        work.say("level", member=who, level=at.level, score=at.score).text,
        work.say("progress", bar=shown, missing=at.missing, next=at.level + 1).text,
        work.say(f"rank.{place}", **values).text,
    ]
    card = await _card(work, who, at, work.words(f"card.{place}", **values))
    streak = await streaks.streak(work.tx, work.community, who.id, work.calendar_of(who).day(work.now))
    if streak.days > 1:
        lines.append(work.say("streak", days=streak.days).text)
        card["streak"] = work.words("card.streak", days=streak.days)
    if worn := await badges_acts.worn(work, who.id, BADGES):
        lines.append(work.say("badges", badges=" · ".join(each.label for each in worn)).text)
        card["badges"] = [{"emoji": each.emoji, "name": each.name} for each in worn]
    text = join(lines)
    return Reply(text=text, image=Drawing("card", card, "rank.png", plain(text)))


async def _progress(work: Work, who: Member) -> _Progress:
    score = (await standings.standing(work.tx, work.community, who.id)).score
    shape = shape_of(work)
    level = level_of(score, shape)
    begun, end = needed(level, shape), needed(level + 1, shape)
    return _Progress(score=score, level=level, done=score - begun, whole=end - begun)


async def _place(work: Work, ranked: Ranked | None) -> tuple[str, dict[str, int]]:
    """The path of its words, and their values."""
    if ranked is None:
        return "nowhere", {}
    return "place", {"rank": ranked.rank, "members": await rankings.count_ranked(work.tx, work.community)}


async def _card(work: Work, who: Member, at: _Progress, place: str) -> dict[str, object]:
    return {
        "theme": work.setting(CARD).value,
        #: gives the same member always the same colour
        "seed": str(who.id),
        "name": who.name,
        "level": str(at.level),
        "level_label": work.words("card.level"),
        "rank": place,
        "score": work.words("card.score", score=at.score),
        "permille": permille(at.done, at.whole),
        "done": work.words("card.done", done=at.done, whole=at.whole),
        "missing": work.words("card.missing", missing=at.missing, next=at.level + 1),
    }


@levels.command("levels list", reads=True)
async def list_(work: Work) -> Reply:
    """The points that the first levels need, and the levels that bring a role."""
    shape = shape_of(work)
    brings: dict[int, list[str]] = {level: [] for level in FIRST}
    for role in await levels_store.level_roles(work.tx, work.community):
        brings.setdefault(role.level, []).append(role.name)
    lines = [
        work.say(
            "line_role" if brings[level] else "line",
            level=level,
            score=needed(level, shape),
            roles=brings[level],
        ).text
        for level in sorted(brings)
    ]
    return Reply(title=work.say("title").text, text=join(lines))


@levels.command("levels role", access=Access.ADMIN)
async def role_(work: Work, level: Level, role: Role) -> Reply:
    """All members of that level get it, at the pace the platform allows."""
    reward = await rewards_acts.reward(work, role)
    await levels_store.add_role(work.tx, LevelRole(work.community, level, *reward))
    await _changed(work, str(level), None, role.name)
    return work.say("done", level=level, role=role.name).but(private=True, tone=Tone.GOOD)


@levels.command("levels unrole", access=Access.ADMIN)
async def unrole(work: Work, level: Level, role: Role) -> Reply:
    """Members who hold it for this reason only lose it, at the same pace."""
    named = next(
        (
            each
            for each in await levels_store.level_roles(work.tx, work.community)
            if each.level == level and role.id.casefold() in (each.role_id, each.name.casefold())
        ),
        None,
    )
    if named is None:
        raise Refusal("levels.unrole.not_there", level=level, role=role.name)
    await levels_store.remove_role(work.tx, work.community, named.role_id, level)
    await _changed(work, str(level), named.name, None)
    return work.say("done", level=level, role=named.name).but(private=True, tone=Tone.GOOD)


@levels.command("levels resync", access=Access.ADMIN)
async def resync(work: Work) -> Reply:
    """Begin a resync, or show how far it is."""
    state = await levels_store.resync(work.tx, work.community)
    if state is None or state.ended_at is not None:
        await acts.begin_resync(work)
        state = await levels_store.resync(work.tx, work.community)
    look = work.button("look", command_line("levels progress"))
    begun = work.say("begun", count=state.total if state else 0)
    return begun.but(private=True, buttons=(look,))


@levels.command("levels progress", access=Access.ADMIN, reads=True)
async def progress(work: Work) -> Reply:
    state = await levels_store.resync(work.tx, work.community)
    if state is None:
        return work.say("never").but(private=True)
    told = work.say(
        "under_way" if state.ended_at is None else "over", done=state.done, total=state.total, changed=state.changed
    )
    buttons = (work.button("levels.resync.look", command_line("levels progress")),) if state.ended_at is None else ()
    return told.but(private=True, replaces=True, buttons=buttons)


async def _changed(work: Work, level: str, before: str | None, after: str | None) -> None:
    """Record the change, and go through everybody's roles again."""
    await note(work, (level, before, after))
    await acts.begin_resync(work)
