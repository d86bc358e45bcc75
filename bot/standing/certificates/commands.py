"""Giving, showing and revoking certificates; anybody can look one up."""

from typing import Annotated

from bot.kit import Access, Button, Range, Refusal, Reply, Rich, Tail, Tell, Tone, Work, command_line, join, read_name
from bot.kit.audit import note
from bot.kit.markup import plain
from bot.kit.replies import Drawing, Theme
from bot.standing.certificates import certificates
from bot.standing.certificates.rules import code_of, read_code, shown
from bot.standing.certificates.settings import THEME
from models import certificates as certificates_store
from models import members
from models.certificates import Certificate, Found
from models.members import Member

#: the longest title and reason, in characters
TITLE, WHY = 120, 200
#: how many one page lists, each with its button
PAGE = 5
PDF = "application/pdf"

Code = Annotated[str, Range(1, 100)]


@certificates.command("certificate give", access=Access.ADMIN)
async def give(work: Work, member: Member, title: Annotated[Tail, Range(1, TITLE)]) -> Reply:
    """The member gets it in their own language, with a page to print; everybody sees that they got it."""
    if member.bot or member.left_at is not None:
        raise Refusal("certificate.give.bot" if member.bot else "certificate.give.gone", member=member)
    new = Certificate(
        community_id=work.community,
        code=code_of(work.desk.chance()),
        member_id=member.id,
        name=member.name,
        title=read_name("title", title, TITLE),
        giver_id=work.member.id,
        given_at=work.now,
    )
    await certificates_store.give(work.tx, new)
    await note(work, (new.code, None, new.title))
    found = await _found(work, new.code)
    await work.promise(Tell(member=member.id, reply=await _paper(work.speaking(member.speaks), found)))
    said = work.say("done", member=await work.mention(member), title=new.title, code=shown(new.code))
    return said.but(image=await _picture(work, found, plain(said.text)), tone=Tone.GOOD)


@certificates.command("certificate list", reads=True)
async def list_(work: Work, member: Member | None = None, page: Annotated[int, Range(1, 1000)] = 1) -> Reply:
    who = member or work.member
    found = await certificates_store.certificates_of(work.tx, work.community, who.id, PAGE + 1, (page - 1) * PAGE)
    if not found:
        return work.say("none" if page == 1 else "beyond", member=who).but(private=True)
    see = [Button(each.title[:60], command_line("certificate show", shown(each.code))) for each in found[:PAGE]]
    to = [page - 1] * (page > 1) + [page + 1] * (len(found) > PAGE)
    turn = [Button("◀" if each < page else "▶", await _turn(work, who, each)) for each in to]
    lines = [_line(work, each) for each in found[:PAGE]]
    title = work.say("title", member=who).text
    return Reply(title=title, text=join(lines), buttons=(*see, *turn), private=True, replaces=True)


@certificates.command("certificate show", reads=True, cost=3)
async def show(work: Work, code: Annotated[Tail, Range(1, 100)]) -> Reply:
    """The picture and the page again, for anybody who has the code: it is there to be shown."""
    found = await _found(work, read_code(code))
    if found.certificate.revoked_at is not None:
        return _told(work, found).but(private=True)
    return (await _paper(work, found)).but(private=True)


@certificates.command("certificate revoke", access=Access.ADMIN)
async def revoke(work: Work, code: Code, why: Annotated[Tail, Range(1, WHY)]) -> Reply:
    """From now on its code says so, with the reason; tell the member who had it."""
    found = (await _found(work, read_code(code))).certificate
    reason = read_name("why", why, WHY)
    if found.community_id != work.community:
        raise Refusal("certificate.revoke.elsewhere")
    if not await certificates_store.revoke(work.tx, work.community, found.code, work.now, reason):
        raise Refusal("certificate.revoke.before", code=shown(found.code))
    await note(work, (found.code, found.title, reason))
    member = await members.member(work.tx, work.community, found.member_id)
    theirs = work.speaking(member.speaks if member else None)
    told = theirs.say("told", title=found.title, why=reason, code=shown(found.code))
    await work.promise(Tell(member=found.member_id, reply=told))
    return work.say("done", title=found.title, name=found.name).but(private=True)


@certificates.command("verify", access=Access.STRANGER, reads=True)
async def verify(work: Work, code: Annotated[Tail, Range(1, 100)]) -> Reply:
    """Works for a certificate of any community."""
    return _told(work, await _found(work, read_code(code)))


async def _found(work: Work, code: str) -> Found:
    found = await certificates_store.find(work.tx, code)
    if found is None:
        raise Refusal("verify.unknown", code=shown(code))
    return found


def _told(work: Work, found: Found) -> Reply:
    """Which member got what, when and where, and whether it is still valid."""
    about = found.certificate
    values = {
        "code": shown(about.code),
        "name": about.name,
        "title": about.title,
        "community": found.community,
        "date": work.calendar.date_of(about.given_at),
    }
    if about.revoked_at is None:
        return work.say("verify.good", **values).but(tone=Tone.GOOD)
    ended = work.say("verify.revoked", **values, until=work.calendar.date_of(about.revoked_at), why=about.why)
    return ended.but(tone=Tone.BAD)


async def _paper(work: Work, found: Found) -> Reply:
    """In words, as a picture, and as a page to print, which is light whatever the picture is."""
    about = found.certificate
    said = work.say("certificate.yours", title=about.title, community=found.community, code=shown(about.code))
    picture = await _picture(work, found, plain(said.text))
    values = {**picture.values, "theme": Theme.LIGHT.value}
    page = Drawing(picture.kind, values, f"certificate-{shown(about.code)}.pdf", picture.alt, PDF)
    return said.but(image=picture, file=page, tone=Tone.GOOD)


async def _picture(work: Work, found: Found, alt: str) -> Drawing:
    about = found.certificate
    values = {
        "theme": work.setting(THEME).value,
        "community": found.community,
        "heading": work.words("certificate.paper.heading"),
        "to": work.words("certificate.paper.to"),
        "name": about.name,
        "for": work.words("certificate.paper.for"),
        "title": about.title,
        "date": work.words("certificate.paper.date", date=work.calendar.date_of(about.given_at)),
        "code": shown(about.code),
        "how": work.words("certificate.paper.how"),
        "about": f"{about.title} · {about.name} · {shown(about.code)}",
    }
    return Drawing("certificate", values, f"certificate-{shown(about.code)}.png", alt)


def _line(work: Work, about: Certificate) -> Rich:
    values = {"title": about.title, "date": work.calendar.date_of(about.given_at), "code": shown(about.code)}
    return work.say("certificate.line" if about.revoked_at is None else "certificate.line_revoked", **values).text


async def _turn(work: Work, who: Member, page: int) -> str:
    """The member's own list needs no name, which saves room in the button."""
    mention = await work.mention(who)
    return command_line("certificate list", "" if who.id == work.member.id else mention.account.partition(":")[2], page)
