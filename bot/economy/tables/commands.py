"""Administrators hand in a table of points, check it, apply it or undo it; and export tables."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import Enum
from functools import partial
from itertools import chain
from typing import Annotated

from bot.economy.points import acts as points_acts
from bot.economy.tables import tables
from bot.economy.tables.rules import (
    BALANCES,
    UNDO_WITHIN,
    WHY,
    Said,
    Wrong,
    hurdle,
    meant,
    number_in,
    objections,
    read_table,
    sums,
)
from bot.kit import (
    Access,
    Long,
    Range,
    Refusal,
    Reply,
    Rich,
    Style,
    Tell,
    Tone,
    Work,
    command_line,
    join,
    read_number,
    sheets,
)
from bot.kit.calendar import moment
from bot.kit.options import File, quoted
from bot.kit.references import clean
from bot.kit.replies import DOCUMENT_BYTES, Document
from bot.kit.sheets import Cell
from models import ledger, members, point_tables, standings
from models.ledger import Entry
from models.members import Account, Member
from models.numbers import next_number
from models.point_tables import Batch, Line

#: how many wrong lines the reply names; more are sent as a file
SHOWN = 15
#: how many rows are read for an export: more than a document holds
ROWS = 20_000


class What(Enum):
    BALANCES = "balances"
    ENTRIES = "entries"


@tables.command("points bulk", access=Access.ADMIN, cost=4)
async def bulk(work: Work, file: File | None = None, text: Annotated[str, Long(), Range(0, 4096)] = "") -> Reply:
    """Show the table first; nothing enters the ledger before an administrator applies it."""
    if file is None and not text:
        raise Refusal("points.bulk.empty")
    # Work that grows with the table runs in a thread: a blocked loop keeps every community waiting.
    said, wrong = await asyncio.to_thread(read_table, file.text if file else text)
    people, lines, unknown = await _named(work, said)
    await standings.settle(work.tx, work.community)
    nets = await standings.nets(work.tx, work.community, list(people))
    against = objections(lines, people, nets, work.member.id)
    bad = {each.line for each in against}
    good = [each for each in lines if each.line not in bad]
    wrong = sorted([*wrong, *unknown, *against], key=lambda each: each.line)
    if not good:
        return await _preview(work, None, [], wrong)
    batch = Batch(
        community_id=work.community,
        number=await next_number(work.tx, work.community),
        owner_id=work.member.id,
        made_at=work.now,
        state="shown",
        changed_at=work.now,
    )
    good = [each._replace(batch=batch.number) for each in good]
    await point_tables.add(work.tx, batch, good)
    return await _preview(work, batch, good, wrong)


@tables.command("points apply", access=Access.ADMIN)
async def apply(work: Work, number: str) -> Reply:
    """Apply all of it or nothing, once, exactly as it was shown."""
    batch = await _batch(work, number)
    await ledger.lock(work.tx, work.community)
    if refusal := hurdle(batch, work.member, work.now):
        raise refusal
    lines = await point_tables.lines(work.tx, work.community, batch.number)
    people, nets = await _people(work, lines)
    if wrong := objections(lines, people, nets, work.member.id):
        reply = await _listed(work, work.say("unfit", count=len(wrong)).text, wrong)
        return reply.but(private=True, tone=Tone.BAD)
    if not await point_tables.change(work.tx, work.community, batch.number, "shown", "applied", work.now):
        raise Refusal("points.apply.before")
    written = await points_acts.write(work, [_entry(work, people[each.member_id], each) for each in lines])
    await _audit(work, written, nets)
    await _tell(work, people, lines, {each.cause: each for each in written})
    undo = work.button("points.undo.press", command_line("points revert", batch.number), Style.DANGER)
    done = work.say("done", count=len(lines), number=str(batch.number))
    text = join([done.text, *_totals(work, lines)])
    return Reply(text=text, buttons=(undo,), private=True, replaces=True, tone=Tone.GOOD)


@tables.command("points cancel", access=Access.ADMIN)
async def cancel(work: Work, number: str) -> Reply:
    batch = await _batch(work, number)
    if refusal := hurdle(batch, work.member, batch.made_at):
        raise refusal
    if not await point_tables.change(work.tx, work.community, batch.number, "shown", "dropped", work.now):
        raise Refusal("points.apply.before")
    return work.say("done", number=str(batch.number)).but(private=True, replaces=True)


@tables.command("points revert", access=Access.ADMIN)
async def revert(work: Work, number: str) -> Reply:
    """Undo what was not undone before; points spent meanwhile are owed."""
    batch = await _batch(work, number)
    await ledger.lock(work.tx, work.community)
    if batch.state == "applied" and work.now > batch.changed_at + UNDO_WITHIN:
        raise Refusal("points.revert.late")
    if not await point_tables.change(work.tx, work.community, batch.number, "applied", "undone", work.now):
        raise Refusal("points.revert.not_applied")
    lines = await point_tables.lines(work.tx, work.community, batch.number)
    people, nets = await _people(work, lines)
    found = await ledger.entries_of_cause(work.tx, work.community, [_cause(each) for each in lines])
    back = await points_acts.reverse(work, found, "undo")
    nets = await _audit(work, back, nets)
    changed: dict[int, list[Entry]] = defaultdict(list)
    for entry in back:
        changed[entry.member_id].append(entry)
    for member_id, entries in changed.items():
        await _tell_back(work, people[member_id], entries)
    done = [work.say("done", count=len(back), number=str(batch.number)).text]
    if owing := sum(nets[each] < 0 for each in changed):
        done.append(work.say("owes", count=owing).text)
    return Reply(text=join(done), private=True, replaces=True, tone=Tone.GOOD)


@tables.command("points export", access=Access.ADMIN, reads=True, cost=4)
async def export(work: Work, what: What = What.BALANCES, days: Annotated[int, Range(1, 366)] = 30) -> Reply:
    """The most important rows come first, since a document has a size limit."""
    header, rows = await (_balances(work) if what is What.BALANCES else _entries(work, days))
    content, count = await asyncio.to_thread(sheets.fit, [header, *rows], DOCUMENT_BYTES)
    lines = [work.say(f"points.export.{what.value}", count=count - 1, days=days).text]
    if count <= len(rows) or len(rows) == ROWS:
        lines.append(work.say(f"cut_{what.value}").text)
    name = f"points-{what.value}-{datetime.fromtimestamp(work.now / 1000, work.calendar.zone):%Y-%m-%d}.csv"
    return Reply(text=join(lines), file=Document(name, content, sheets.MEDIA), private=True)


async def _named(work: Work, said: Sequence[Said]) -> tuple[dict[int, Member], list[Line], list[Wrong]]:
    """The members that the lines name, and the lines that name nobody or could name several."""
    platforms = [work.platform, *sorted(work.desk.abilities.keys() - {work.platform}), ""]
    words = list(dict.fromkeys(each.who for each in said))
    digits = [number for each in words if (number := number_in(each))]
    accounts = await members.find_accounts(
        work.tx, work.community, [(platform, number) for platform in platforms for number in digits]
    )
    numbers = {(each.platform, each.external_id): each.member_id for each in accounts}
    own = await members.by_ids(work.tx, work.community, [int(number) for number in digits])
    numbers |= {("", str(each.id)): each.id for each in own}
    at_names = await members.by_usernames(
        work.tx, work.community, [(platform, each) for platform in platforms for each in words if each.startswith("@")]
    )
    usernames = {(each.platform, each.username or ""): each.member_id for each in at_names}
    names: dict[str, list[int]] = defaultdict(list)
    for member in await members.by_names(work.tx, work.community, words):
        names[member.name].append(member.id)
    known = partial(meant, platforms=platforms, numbers=numbers, usernames=usernames, names=names)
    lines, wrong = await asyncio.to_thread(_told_apart, work, said, known)
    people = await members.by_ids(work.tx, work.community, [each.member_id for each in lines])
    return {each.id: each for each in people}, lines, wrong


def _told_apart(
    work: Work, said: Sequence[Said], known: Callable[[str], Sequence[int]]
) -> tuple[list[Line], list[Wrong]]:
    lines: list[Line] = []
    wrong: list[Wrong] = []
    unsaid = work.words("points.bulk.unsaid")
    for each in said:
        match known(each.who):
            case [id]:
                lines.append(Line(work.community, 0, each.line, id, each.amount, each.why or unsaid))
            case found:
                typed = quoted(clean(each.who))
                several = Refusal("points.bulk.wrong.several", typed=typed)
                wrong.append(Wrong(each.line, several if found else Refusal("points.bulk.wrong.unknown", typed=typed)))
    return lines, wrong


async def _preview(work: Work, batch: Batch | None, good: Sequence[Line], wrong: Sequence[Wrong]) -> Reply:
    reply = await _listed(work, work.say("wrong.these", count=len(wrong)).text, wrong) if wrong else Reply()
    if batch is None:
        nothing = work.say("nothing").text
        return reply.but(text=join([nothing, reply.text]), private=True, tone=Tone.BAD)
    buttons = (
        work.button("apply", command_line("points apply", batch.number), Style.MAIN),
        work.button("cancel", command_line("points cancel", batch.number)),
    )
    parts = [*_totals(work, good), *([reply.text] if wrong else []), work.say("ready").text]
    title = work.say("title", number=str(batch.number), count=len(good)).text
    return reply.but(title=title, text=join(parts), buttons=buttons, private=True)


def _totals(work: Work, lines: Sequence[Line]) -> list[Rich]:
    amounts = [each.amount for each in sums(lines)]
    gains, losses, total = [each for each in amounts if each > 0], [each for each in amounts if each < 0], sum(amounts)
    said = []
    if gains:
        said.append(work.say("points.bulk.gain", count=len(gains), total=sum(gains)))
    if losses:
        said.append(work.say("points.bulk.lose", count=len(losses), total=-sum(losses)))
    said.append(work.say("points.bulk.total", sign="−" if total < 0 else "+", total=abs(total)))
    return [each.text for each in said]


async def _listed(work: Work, head: Rich, wrong: Sequence[Wrong]) -> Reply:
    """Wrong lines with their reasons; with a file of all of them if there are too many to list."""
    lines = [head]
    for each in wrong[:SHOWN]:
        why = work.say(each.why.path, **each.why.values).text
        lines.append(work.say("points.bulk.wrong.line", number=str(each.line), why=why).text)
    if len(wrong) <= SHOWN:
        return Reply(text=join(lines))
    lines.append(work.say("points.bulk.wrong.more", count=len(wrong) - SHOWN).text)
    rows = ((each.line, work.words(each.why.path, **each.why.values)) for each in wrong)
    content, _ = await asyncio.to_thread(sheets.fit, chain([("line", "why")], rows), DOCUMENT_BYTES)
    return Reply(text=join(lines), file=Document("wrong-lines.csv", content, sheets.MEDIA))


async def _batch(work: Work, number: str) -> Batch:
    found = await point_tables.batch(work.tx, work.community, read_number("number", number))
    if found is None:
        raise Refusal("points.apply.unknown")
    return found


async def _people(work: Work, lines: Sequence[Line]) -> tuple[dict[int, Member], dict[int, int]]:
    """The members of these lines, and each one's balance less debt; nobody else moves points here meanwhile."""
    await standings.settle(work.tx, work.community)
    ids = list(dict.fromkeys(each.member_id for each in lines))
    people = {each.id: each for each in await members.by_ids(work.tx, work.community, ids)}
    return people, await standings.nets(work.tx, work.community, ids)


def _entry(work: Work, member: Member, line: Line) -> Entry:
    reason = "give" if line.amount > 0 else "take"
    return points_acts.entry(
        work, member, "adjust", line.amount, reason, counts=True, cause=_cause(line), note=line.why
    )


def _cause(line: Line) -> str:
    """Includes the community, since each numbers its batches from one, and communities may become one."""
    return f"batch:{line.community_id}:{line.batch}:{line.line}"


async def _audit(work: Work, entries: Sequence[Entry], nets: dict[int, int]) -> dict[int, int]:
    """Record the changes, and return what each member has afterwards."""
    after, before = dict(nets), []
    for each in entries:
        before.append((each, after.get(each.member_id, 0)))
        after[each.member_id] = after.get(each.member_id, 0) + each.amount
    await points_acts.audit(work, before)
    return after


async def _tell(work: Work, people: dict[int, Member], lines: Sequence[Line], written: dict[str, Entry]) -> None:
    """One message for all that a member gains and one for all that they lose, however many lines there are."""
    first = {each.line: written[_cause(each)] for each in lines}
    for each in sums(lines):
        member = people[each.member_id]
        why = clean("; ".join(each.whys), WHY)
        told = work.speaking(member.speaks).say(
            "given" if each.amount > 0 else "points.take.told",
            count=abs(each.amount),
            why=why,
            number=str(first[each.line].id),
        )
        await work.promise(Tell(member=member.id, reply=told))


async def _tell_back(work: Work, member: Member, entries: Sequence[Entry]) -> None:
    total = sum(each.amount for each in entries)
    sign, number = "−" if total < 0 else "+", str(entries[0].id)
    told = work.speaking(member.speaks).say("told", sign=sign, amount=abs(total), number=number)
    await work.promise(Tell(member=member.id, reply=told))


async def _balances(work: Work) -> tuple[Sequence[Cell], list[Sequence[Cell]]]:
    found = await standings.sheet(work.tx, work.community, ROWS)
    ids = await _ids(work, [each.member_id for each in found])
    rows = [(each.name, ids[each.member_id], each.balance, each.debt, each.score) for each in found]
    return BALANCES, list(rows)


async def _entries(work: Work, days: int) -> tuple[Sequence[Cell], list[Sequence[Cell]]]:
    found = await ledger.since(work.tx, work.community, work.today - days + 1, ROWS)
    ids = await _ids(work, [entry.member_id for entry, _ in found])
    rows = await asyncio.to_thread(lambda: [_row(work, entry, name, ids[entry.member_id]) for entry, name in found])
    return ("entry", "at", "member", "id", "amount", "kind", "reason", "note", "takes_back"), rows


def _row(work: Work, entry: Entry, name: str, id: str) -> Sequence[Cell]:
    at = moment(entry.at).isoformat(" ", "seconds")
    reason, back = work.words(f"reason.{entry.reason}"), f"#{entry.reverses}" if entry.reverses else None
    return (f"#{entry.id}", at, name, id, entry.amount, entry.kind, reason, entry.note, back)


async def _ids(work: Work, member_ids: Iterable[int]) -> dict[int, str]:
    """Ids on this platform where it knows the member; the # keeps spreadsheets from rounding them."""
    ids = list(dict.fromkeys(member_ids))
    found: dict[int, Account] = {}
    for each in await members.accounts(work.tx, work.community, ids):
        if each.member_id not in found or (each.platform == work.platform != found[each.member_id].platform):
            found[each.member_id] = each
    named = {each: found[each].external_id if each in found else str(each) for each in ids}
    return {each: f"#{name}" if number_in(name) else name for each, name in named.items()}
