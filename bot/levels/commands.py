"""How far a member has come, and where that puts them."""

from bot.levels import levels
from bot.levels.rules import bar, level_of, needed
from bot.levels.settings import CURVE
from bot.markup import Rich, join
from bot.replies import Reply
from bot.work import Work
from models import rankings, standings
from models.members import Member


@levels.command("rank")
async def rank(work: Work, member: Member | None = None) -> Reply:
    """Settled first, so that a rank is never older than the points beside it."""
    who = member or work.member
    await standings.settle(work.tx, work.community)
    score = (await standings.standing(work.tx, work.community, who.id)).score
    curve = await work.setting(CURVE)
    level = level_of(score, curve)
    begun, end = needed(level, curve), needed(level + 1, curve)
    shown = bar(score - begun, end - begun)
    lines = [
        work.say("level", member=who, level=level, score=score).text,
        work.say("progress", bar=shown, missing=end - score, next=level + 1).text,
        await _place(work, who),
    ]
    return Reply(text=join(lines))


async def _place(work: Work, member: Member) -> Rich:
    ranked = await rankings.rank(work.tx, work.community, member.id)
    if ranked is None:
        return work.say("rank.nowhere").text
    return work.say("rank.place", rank=ranked.rank, members=await rankings.count_ranked(work.tx, work.community)).text
