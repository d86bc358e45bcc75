"""Badges of members: earned once, announced, and named in the reader's language."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot.kit import Post, Tell, Tone, Work, join
from bot.standing.badges.rules import DECLARED, best
from bot.standing.badges.settings import ANNOUNCE, EARNED
from models import badges, members
from models.badges import Award

#: how many badges administrators may make
MOST = 100
#: the key of such a badge begins with this; its number follows
MADE = "made:"
#: so many are announced one by one; more at once are counted
TOLD = 5


class Badge(NamedTuple):
    """A badge in one language."""

    key: str
    emoji: str
    name: str
    about: str

    @property
    def number(self) -> int | None:
        """The number of a badge that an administrator made; None for others."""
        return int(self.key.removeprefix(MADE)) if self.key.startswith(MADE) else None

    @property
    def label(self) -> str:
        return f"{self.emoji} {self.name}"


async def known(work: Work, wanted: Collection[str] | None = None) -> dict[str, Badge]:
    """All badges of this community, or only the wanted ones of those that we declare, by key."""
    declared = [
        Badge(each.key, each.emoji, work.words(f"badge_name.{each.key}"), work.words(f"badge_about.{each.key}"))
        for each in DECLARED
        if wanted is None or each.key in wanted
    ]
    made = [
        Badge(f"{MADE}{each.number}", each.emoji, each.name, each.about)
        for each in await badges.badges(work.tx, work.community, MOST)
    ]
    return {each.key: each for each in (*declared, *made)}


async def worn(work: Work, member_id: int, most: int) -> list[Badge]:
    """The badges shown with a member: the newest first, and of each kind only the highest."""
    held = [each.badge for each in await awards_of(work, member_id) if each.taken_at is None]
    if not held:
        return []
    there = await known(work)
    return [there[key] for key in best([key for key in held if key in there])][:most]


async def awards_of(work: Work, member_id: int) -> list[Award]:
    return await badges.awards(work.tx, work.community, member_id, member_id)


async def earn(work: Work, found: Mapping[int, Sequence[str]], *, told: bool = True) -> None:
    """Give members the badges that they earned, by key; a member who has or had a badge does not earn it again."""
    if not work.setting(EARNED):
        return
    rows = [
        Award(community_id=work.community, member_id=member_id, badge=key, at=work.now)
        for member_id, keys in sorted(found.items())
        for key in keys
    ]
    news = await badges.earn(work.tx, rows)
    if told:
        await tell(work, [each for each in rows if (each.member_id, each.badge) in news])


async def tell(work: Work, awards: Sequence[Award]) -> None:
    """Announce them in the place for it, or else tell each member alone."""
    place = work.setting(ANNOUNCE)
    there = await known(work, {each.badge for each in awards}) if place and awards else {}
    lines = []
    for each in awards[:TOLD] if place else awards:
        member = await members.member(work.tx, work.community, each.member_id)
        if member is None or member.bot or member.left_at is not None:
            continue
        if place:
            badge, who = there[each.badge], await work.mention(member)
            told = work.say("badges.has", member=who, badge=badge.label, why=each.why or badge.about)
            lines.append(told.text)
        else:
            theirs = work.speaking(member.speaks)
            badge = (await known(theirs, [each.badge]))[each.badge]
            told = theirs.say("badges.yours", badge=badge.label, why=each.why or badge.about).but(tone=Tone.GOOD)
            once = f"badge:{each.member_id}:{each.badge}:{each.at}"
            await work.promise(Tell(member=each.member_id, reply=told, repeats=False), once=once)
    if place and len(awards) > TOLD:
        lines.append(work.say("badges.more", count=len(awards) - TOLD).text)
    if place and lines:
        told = work.say("badges.more", count=0).but(text=join(lines), tone=Tone.GOOD)
        await work.promise(Post(place=place, reply=told))
