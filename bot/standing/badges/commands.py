"""Which badges a member has and why; administrators make, give and take badges."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.kit import (
    Access,
    Choice,
    OptionRefused,
    Range,
    Refusal,
    Reply,
    Rich,
    Suggest,
    Tail,
    Tell,
    Tone,
    Work,
    command_line,
    join,
    read_name,
)
from bot.kit.audit import note
from bot.standing.badges import acts, badges
from bot.standing.badges.acts import MADE, MOST
from bot.standing.badges.rules import ahead, measured, read_emoji
from bot.standing.badges.settings import EARNED
from models import badges as badges_store
from models.badges import Award
from models.badges import Badge as Made
from models.members import Member
from models.numbers import next_number

#: the longest texts, in characters
NAME, ABOUT, WHY = 40, 200, 200
#: how many badges of a member are shown, and how many they may earn next
SHOWN, AHEAD = 25, 3

Name = Annotated[str, Range(1, NAME)]
#: as phones write it, with marks that we remove
Emoji = Annotated[str, Range(1, 64)]


async def everything(work: Work, typed: str) -> Sequence[Choice]:
    return _choices(typed, [*(await acts.known(work)).values()])


async def made_here(work: Work, typed: str) -> Sequence[Choice]:
    return _choices(typed, [each for each in (await acts.known(work)).values() if each.number])


@badges.command("badges", reads=True)
async def show(work: Work, member: Member | None = None) -> Reply:
    """When and why they have each badge; to themselves, also what they may earn next."""
    who = member or work.member
    given = await acts.awards_of(work, who.id)
    there = await acts.known(work)
    held = [each for each in given if each.taken_at is None and each.badge in there]
    lines = [_had(work, there[each.badge], each) for each in held[:SHOWN]] or [work.say("none", member=who).text]
    if len(held) > SHOWN:
        lines.append(work.say("older", count=len(held) - SHOWN).text)
    if who.id == work.member.id:
        lines += await _next(work, there, {each.badge for each in given})
    return Reply(title=work.say("title", member=who).text, text=join(lines))


@badges.command("badge list", reads=True)
async def list_(work: Work) -> Reply:
    lines = [
        work.say("made" if each.number else "line", number=each.number, badge=each.label, about=each.about).text
        for each in (await acts.known(work)).values()
    ]
    return Reply(title=work.say("title").text, text=join(lines), private=True)


@badges.command("badge create", access=Access.ADMIN)
async def create(work: Work, emoji: Emoji, name: Name, about: Annotated[Tail, Range(1, ABOUT)]) -> Reply:
    if len(await badges_store.badges(work.tx, work.community, MOST)) == MOST:
        raise Refusal("badge.create.enough", limit=MOST)
    new = Made(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        emoji=read_emoji(emoji),
        name=await _free(work, read_name("name", name, NAME)),
        about=read_name("about", about, ABOUT),
        made_at=work.now,
    )
    await badges_store.put_badge(work.tx, new)
    await note(work, (f"{MADE}{new.number}", None, _words(new)))
    done = work.say("done", number=new.number, badge=f"{new.emoji} {new.name}")
    return done.but(private=True, tone=Tone.GOOD)


@badges.command("badge edit", access=Access.ADMIN)
async def edit(
    work: Work,
    badge: Annotated[str, Suggest(made_here)],
    emoji: Emoji | None = None,
    name: Name | None = None,
    about: Annotated[Tail, Range(1, ABOUT)] | None = None,
) -> Reply:
    """All members who have it get the new form."""
    old = await _made(work, badge)
    new = replace(
        old,
        emoji=read_emoji(emoji) if emoji else old.emoji,
        name=await _free(work, read_name("name", name, NAME), old) if name else old.name,
        about=read_name("about", about, ABOUT) if about else old.about,
    )
    await badges_store.put_badge(work.tx, new)
    await note(work, (f"{MADE}{new.number}", _words(old), _words(new)))
    done = work.say("done", number=new.number, badge=f"{new.emoji} {new.name}", about=new.about)
    return done.but(private=True, tone=Tone.GOOD)


@badges.command("badge remove", access=Access.ADMIN)
async def remove(work: Work, badge: Annotated[str, Suggest(made_here)]) -> Reply:
    """Nobody's badge of this kind is shown any more."""
    old = await _made(work, badge)
    await badges_store.put_badge(work.tx, replace(old, gone_at=work.now))
    await note(work, (f"{MADE}{old.number}", _words(old), None))
    return work.say("done", badge=f"{old.emoji} {old.name}").but(private=True)


@badges.command("badge award", access=Access.ADMIN)
async def award(
    work: Work,
    member: Member,
    badge: Annotated[str, Suggest(everything)],
    why: Annotated[Tail, Range(0, WHY)] = "",
) -> Reply:
    """Any badge can be given, also one that is earned or was taken away."""
    if member.bot or member.left_at is not None:
        raise Refusal("badge.award.bot" if member.bot else "badge.award.gone", member=member)
    meant = await _meant(work, badge)
    new = Award(
        community_id=work.community,
        member_id=member.id,
        badge=meant.key,
        at=work.now,
        actor_id=work.member.id,
        why=read_name("why", why, WHY) if why else None,
    )
    if not await badges_store.give(work.tx, new):
        raise Refusal("badge.award.has", member=member, badge=meant.label)
    await note(work, (f"{meant.key}:{member.id}", None, new.why or ""))
    await acts.tell(work, [new])
    return work.say("done", member=member, badge=meant.label).but(private=True, tone=Tone.GOOD)


@badges.command("badge take", access=Access.ADMIN)
async def take(
    work: Work, member: Member, badge: Annotated[str, Suggest(everything)], why: Annotated[Tail, Range(1, WHY)]
) -> Reply:
    """Tell the member why; a badge that was taken does not come back by itself."""
    meant, reason = await _meant(work, badge), read_name("why", why, WHY)
    if not await badges_store.take(work.tx, work.community, member.id, meant.key, work.now):
        raise Refusal("badge.take.has_not", member=member, badge=meant.label)
    await note(work, (f"{meant.key}:{member.id}", True, reason))
    theirs = work.speaking(member.speaks)
    told = theirs.say("told", badge=(await acts.known(theirs))[meant.key].label, why=reason)
    await work.promise(Tell(member=member.id, reply=told))
    return work.say("done", member=member, badge=meant.label).but(private=True)


async def _meant(work: Work, typed: str) -> acts.Badge:
    """Find a badge by its name, its label, its number or its key."""
    word = typed.strip().removeprefix("#").casefold()
    for each in (await acts.known(work)).values():
        if word in (each.name.casefold(), each.label.casefold(), each.key, str(each.number)):
            return each
    raise OptionRefused("badge", "badge.unknown", so_far=command_line(work.path.replace(".", " ")))


async def _made(work: Work, typed: str) -> Made:
    meant = await _meant(work, typed)
    made = await badges_store.badges(work.tx, work.community, MOST)
    mine = next((each for each in made if each.number == meant.number), None)
    if mine is None:
        raise OptionRefused("badge", "badge.declared", badge=meant.label)
    return mine


async def _free(work: Work, name: str, old: Made | None = None) -> str:
    """Refuse a name that another badge has, so that each can be named."""
    taken = {each.name.casefold() for each in (await acts.known(work)).values() if not old or each.number != old.number}
    if name.casefold() in taken:
        raise OptionRefused("name", "badge.taken", badge=name)
    return name


def _choices(typed: str, near: Sequence[acts.Badge]) -> Sequence[Choice]:
    word = typed.casefold()
    return [Choice(str(each.number or each.key), each.label) for each in near if word in each.label.casefold()]


def _had(work: Work, badge: acts.Badge, award: Award) -> Rich:
    day = work.calendar.date_of(award.at)
    return work.say("badges.line", badge=badge.label, why=award.why or badge.about, date=day).text


async def _next(work: Work, there: dict[str, acts.Badge], known: set[str]) -> list[Rich]:
    """The nearest badges, with the progress; none where badges are not earned, or the member has all."""
    mine = await badges_store.deeds(work.tx, work.community, work.member.id, work.member.id, 1)
    measures = measured(mine[0], work.now, work.calendar) if mine else {}
    near = ahead(measures, known)[:AHEAD] if work.setting(EARNED) else []
    lines = [
        work.say(
            "badges.step" if each.whole > 1 else "badges.first",
            badge=there[each.key].label,
            about=there[each.key].about,
            done=min(measures.get(each.measure, 0), each.whole),
            whole=each.whole,
        ).text
        for each in near
    ]
    return [work.say("badges.next").text, *lines] if lines else []


def _words(badge: Made) -> dict[str, str]:
    return {"emoji": badge.emoji, "name": badge.name, "about": badge.about}
