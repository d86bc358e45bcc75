"""What points a member has and why; administrators give, take and undo, each time openly."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from bot.economy.points import acts, points
from bot.economy.points.rules import NOTHING, days_of, left, sources, tally
from bot.economy.points.settings import DAILY_CAP
from bot.kit import (
    Access,
    Choice,
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
    read_number,
)
from bot.kit.calendar import moment
from models import communities, expiry, ledger, members, standings, streaks
from models.ledger import Entry
from models.members import Member

PAGE = 10
#: what can be undone here; spent or staked points are given back by the capability that took them
UNDOABLE = ("earn", "adjust", "transfer", "expire")

Amount = Annotated[int, Range(1, 1_000_000)]
Why = Annotated[Tail, Range(1, 200)]


async def own_entries(work: Work, typed: str) -> list[Choice]:
    choices = []
    for each in await ledger.history(work.tx, work.community, work.member.id, None, 25):
        label = work.words("points.choice", sign=_sign(each), amount=abs(each.amount), reason=_reason(work, each))
        if typed in str(each.id) or typed.casefold() in label.casefold():
            choices.append(Choice(str(each.id), label))
    return choices


@points.command("points show", reads=True)
async def show(work: Work, member: Member | None = None) -> Reply:
    who = member or work.member
    standing = await standings.standing(work.tx, work.community, who.id)
    today = await ledger.earnings(work.tx, work.community, work.today, [who.id])
    earned = days_of(today).get((work.today, who.id), NOTHING).amount
    cap = work.setting(DAILY_CAP)
    lines = [work.say("has", member=who, count=standing.balance, score=standing.score).text]
    if standing.debt:
        lines.append(work.say("owes", count=standing.debt).text)
    if warned := await expiry.warned(work.tx, work.community, who.id):
        gained = await ledger.gained(work.tx, work.community, [(who.id, warned.until)])
        if amount := min(warned.amount, left(standing.balance, gained.get(who.id, 0))):
            date = moment(warned.expires_at)
            lines.append(work.say("expires", count=amount, date=date).text)
    lines.append((work.say("today", earned=earned, cap=cap) if cap else work.say("today_free", earned=earned)).text)
    by = [work.words(f"points.source.{source}", amount=amount) for source, amount in sources(today).items()]
    if len(by) > 1:
        lines.append(work.say("sources", sources=by).text)
    streak = await streaks.streak(work.tx, work.community, who.id, work.calendar_of(who).day(work.now))
    if streak.days > 1:
        lines.append(work.say("streak", days=streak.days, longest=streak.longest).text)
    return Reply(text=join(lines))


@points.command("points history", reads=True, varies=True)
async def history(work: Work, member: Member | None = None, before: str = "") -> Reply:
    """Page by page, newest first; a page has entries older than `before`. Staff may see those of anybody."""
    who = member or work.member
    if who.id != work.member.id and work.access < Access.STAFF:
        raise Refusal("points.history.not_yours")
    start = read_number("before", before) if before else None
    found = await ledger.history(work.tx, work.community, who.id, start, PAGE + 1)
    lines = []
    for each in found[:PAGE]:
        sign, reason = _sign(each), _reason(work, each)
        line = work.say(
            "line", number=str(each.id), date=_date(each), sign=sign, amount=abs(each.amount), reason=reason
        )
        lines.append(line.text)
    own = who.id == work.member.id
    if not lines:
        return (work.say("empty") if own else work.say("empty_of", member=who)).but(private=True)
    whose = "" if own else await _typed(work, who)
    buttons = [work.button("newest", command_line("points history", whose))] if before else []
    if len(found) > PAGE:
        buttons.append(work.button("older", command_line("points history", whose, found[PAGE - 1].id)))
    title = work.say("title") if own else work.say("title_of", member=who)
    return Reply(title=title.text, text=join(lines), buttons=tuple(buttons), private=True, replaces=True)


@points.command("points why", reads=True, varies=True)
async def why(work: Work, entry: Annotated[str, Suggest(own_entries)]) -> Reply:
    """Members see their own entries; staff may see anybody's."""
    found = await _entry(work, entry)
    if found.member_id != work.member.id and work.access < Access.STAFF:
        raise Refusal("points.unknown")
    lines = await _about(work, found)
    if found.reverses is not None and (original := await ledger.entry(work.tx, work.community, found.reverses)):
        number, date, reason = str(original.id), _date(original), _reason(work, original)
        lines.append(work.say("reverses", number=number, date=date, reason=reason).text)
        lines.append(work.say("for_good").text)
    if back := await ledger.reversed_by(work.tx, work.community, found.id):
        number, date, reason = str(back.id), _date(back), _reason(work, back)
        lines.append(work.say("reversed", number=number, date=date, reason=reason).text)
        lines.append(work.say("for_good").text)
    if found.kind == "expire":
        lines.append(work.say("expired").text)
    lines.append(work.say("appeal", number=str(found.id)).text)
    return Reply(text=join(lines), private=True)


@points.command("points give", access=Access.ADMIN)
async def give(work: Work, to: Member, amount: Amount, why: Why) -> Reply:
    _may_get(work, to)
    entry = await _adjust(work, to, amount, "give", why)
    undo = work.button("points.undo.press", command_line("points undo", entry.id))
    given = work.say("given", to=await work.mention(to), count=amount, why=why)
    return given.but(tone=Tone.GOOD, buttons=(undo,))


@points.command("points take", access=Access.ADMIN)
async def take(work: Work, member: Member, amount: Amount, why: Why) -> Reply:
    """Tell the member who loses points why, and how to object."""
    entry = await _adjust(work, member, -amount, "take", why)
    await _explain(work, member, entry, why)
    undo = work.button("points.undo.press", command_line("points undo", entry.id))
    return work.say("taken", member=member, count=amount, why=why).but(private=True, buttons=(undo,))


@points.command("points set", access=Access.ADMIN)
async def set_(work: Work, member: Member, amount: Annotated[int, Range(0, 1_000_000)], why: Why) -> Reply:
    """The difference is one entry like any other; it also settles what the member owed."""
    standing = await acts.look(work, member)
    missing = amount - standing.balance + standing.debt
    if missing == 0:
        raise Refusal("points.set.already", member=member, count=amount)
    if missing > 0:
        _may_get(work, member)
    entry = await _adjust(work, member, missing, "set", why)
    if missing < 0:
        await _explain(work, member, entry, why)
    undo = work.button("points.undo.press", command_line("points undo", entry.id))
    has = work.say("has", member=member, count=amount, sign=_sign(entry), amount=abs(missing), why=why)
    return has.but(private=True, buttons=(undo,))


@points.command("points undo", access=Access.ADMIN)
async def undo(work: Work, entry: str) -> Reply:
    """Undo an entry; a gift between members goes back on both sides. Points spent meanwhile are owed."""
    found = await _entry(work, entry)
    if found.kind not in UNDOABLE:
        raise Refusal("points.undo.not_this")
    pair = await ledger.entries_of_cause(work.tx, work.community, [found.cause]) if found.kind == "transfer" else ()
    whole = [each for each in pair if each.kind == "transfer"] or [found]
    back = await acts.reverse(work, whole, "undo")
    if not back:
        raise Refusal("points.undo.before")
    await ledger.add_earning(work.tx, tally((each for each in whole if each.kind == "earn"), -1))
    lines = [line for each in back for line in await _undone(work, each)]
    return Reply(text=join([work.say("done", number=str(found.id)).text, *lines]), private=True, tone=Tone.GOOD)


async def _undone(work: Work, back: Entry) -> Sequence[Rich]:
    """What the undo means for the member; tell them too."""
    member = await members.known(work.tx, work.community, back.member_id)
    standing = await standings.standing(work.tx, work.community, member.id)
    await acts.audit(work, [(back, standing.balance - standing.debt - back.amount)])
    sign, amount = _sign(back), abs(back.amount)
    told = work.speaking(member.speaks).say("points.undo.told", sign=sign, amount=amount, number=str(back.id))
    await work.promise(Tell(member=member.id, reply=told))
    line = work.say("points.undo.line", member=member, sign=sign, amount=amount, balance=standing.balance).text
    return [line, work.say("points.undo.owes", member=member, count=standing.debt).text] if standing.debt else [line]


def _may_get(work: Work, member: Member) -> None:
    if member.id == work.member.id:
        raise Refusal("points.give.not_yourself")
    if member.bot:
        raise Refusal("points.give.bot")
    if member.left_at is not None:
        raise Refusal("points.give.gone", member=member)


async def _explain(work: Work, member: Member, entry: Entry, why: str) -> None:
    theirs = work.speaking(member.speaks)
    told = theirs.say("points.take.told", count=-entry.amount, why=why, number=str(entry.id))
    await work.promise(Tell(member=member.id, reply=told))


async def _adjust(work: Work, member: Member, amount: int, reason: str, why: str) -> Entry:
    """Checked and written while nobody else moves points here."""
    standing = await acts.look(work, member)
    if standing.balance + amount < 0:
        raise Refusal("points.take.too_much", member=member, count=standing.balance)
    (written,) = await acts.write(work, [acts.entry(work, member, "adjust", amount, reason, counts=True, note=why)])
    await acts.audit(work, [(written, standing.balance - standing.debt)])
    return written


async def _about(work: Work, entry: Entry) -> list[Rich]:
    """What the entry is, when and where, who decided it, and their words."""
    owner = await members.known(work.tx, work.community, entry.member_id)
    sign, amount, reason = _sign(entry), abs(entry.amount), _reason(work, entry)
    lines = [
        work.say("points.why.what", member=owner, sign=sign, amount=amount, reason=reason).text,
        work.say("points.why.when", date=_date(entry), number=str(entry.id)).text,
    ]
    place = await communities.place(work.tx, work.community, entry.place_id) if entry.place_id else None
    if place and await work.knows(place.id):
        lines.append(work.say("points.why.where", place=place).text)
    if entry.other_id:
        lines.append(
            work.say("points.why.partner", member=await members.known(work.tx, work.community, entry.other_id)).text
        )
    if entry.actor_id:
        lines.append(
            work.say("points.why.actor", member=await members.known(work.tx, work.community, entry.actor_id)).text
        )
    if entry.note:
        lines.append(work.say("points.why.note", note=entry.note).text)
    if entry.multiplied:
        lines.append(work.say("points.why.multiplied", by=entry.multiplied).text)
    return lines


async def _typed(work: Work, member: Member) -> str:
    """The member as a button's line names them."""
    accounts = await members.accounts_of(work.tx, work.community, member.id)
    return next((each.external_id for each in accounts if each.platform == work.platform), "")


async def _entry(work: Work, typed: str) -> Entry:
    found = await ledger.entry(work.tx, work.community, read_number("entry", typed))
    if found is None:
        raise Refusal("points.unknown")
    return found


def _reason(work: Work, entry: Entry) -> str:
    return work.words(f"reason.{entry.reason}")


def _sign(entry: Entry) -> str:
    return "+" if entry.amount > 0 else "−"


def _date(entry: Entry) -> datetime:
    return moment(entry.at)
