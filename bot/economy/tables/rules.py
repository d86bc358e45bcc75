"""What a table of points says, and the objections to each line; bot/kit/sheets.py reads the cells."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.kit import Range, Refusal, sheets
from bot.kit.options import Kind, Option, read_whole
from bot.kit.references import clean
from bot.kit.sheets import Row
from models.members import Member
from models.point_tables import Batch, Line
from models.spans import HOUR

#: the most lines of one table
LINES = 5000
APPLY_WITHIN = HOUR
UNDO_WITHIN = 24 * HOUR
WHY = 200
AMOUNT = Option(name="amount", kind=Kind.WHOLE, bounds=Range(-1_000_000, 1_000_000))
#: names of the columns, here and in what `/points export` writes
HEADS = {
    "id": ("id", "编号"),
    "member": ("member", "name", "user", "username", "成员", "用户", "名字"),
    "amount": ("amount", "points", "数量", "积分"),
    "balance": ("balance", "余额"),
    "why": ("why", "reason", "note", "原因", "说明"),
}
#: the columns of an export of balances, which the names above can read again
BALANCES = ("member", "id", "balance", "debt", "score")
#: dashes that keyboards and spreadsheets write for a minus
MINUS = str.maketrans(dict.fromkeys("−–—", "-"))


class Said(NamedTuple):
    """A line as it was written."""

    line: int
    who: str
    amount: int
    #: empty if the table has no such column
    why: str


class Wrong(NamedTuple):
    line: int
    why: Refusal


class Sum(NamedTuple):
    """The sum of the lines of one member, in one direction."""

    member_id: int
    amount: int
    whys: tuple[str, ...]
    #: the number of the first of them in the table
    line: int


def read_table(text: str) -> tuple[list[Said], list[Wrong]]:
    """The readable lines and the wrong ones; a header is optional, and its columns may come in any order."""
    try:
        rows = sheets.read(text, LINES + 1)
    except sheets.Unreadable as error:
        raise Refusal("points.bulk.unreadable", line=error.line) from None
    columns = _columns(rows[0].cells) if rows else {}
    rows = rows[1:] if columns else rows
    if not rows:
        raise Refusal("points.bulk.empty")
    if len(rows) > LINES:
        raise Refusal("points.bulk.too_long", count=LINES)
    said: list[Said] = []
    wrong: list[Wrong] = []
    for row in rows:
        try:
            if (line := _said(row, columns)) is not None:
                said.append(line)
        except Refusal as refusal:
            wrong.append(Wrong(row.line, refusal))
    return said, wrong


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """The column of each kind; empty when the first line is not a header."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        kind = next((kind for kind, words in HEADS.items() if cell.casefold() in words), None)
        if kind:
            found.setdefault(kind, place)
    whole = {"id", "member"} & found.keys() and {"amount", "balance"} & found.keys()
    return found if whole and not any(map(number_in, cells)) else {}


def _said(row: Row, columns: Mapping[str, int]) -> Said | None:
    """The line; None for a balance of zero, which changes nothing."""

    def cell(kind: str, place: int | None = None) -> str:
        at = columns.get(kind, None if columns else place)
        return row.cells[at] if at is not None and at < len(row.cells) else ""

    who = cell("id") or cell("member", 0)
    if not who:
        raise Refusal("points.bulk.wrong.nobody")
    typed = cell("amount", 1) or cell("balance")
    amount = read_whole(AMOUNT, typed.translate(MINUS))
    if amount == 0 and "amount" not in columns and "balance" in columns:
        return None
    if amount == 0:
        raise Refusal("points.bulk.wrong.nothing")
    why = cell("why", 2) if columns else ", ".join(filter(None, row.cells[2:]))
    if not why and ("why" in columns or not columns):
        raise Refusal("points.bulk.wrong.why")
    if len(why) > WHY:
        raise Refusal("refusal.length", low=1, high=WHY)
    return Said(row.line, who, amount, clean(why, WHY) if why else "")


def number_in(word: str) -> str:
    """The digits of an id, with or without the # that keeps a spreadsheet from rounding it; empty for anything else."""
    digits = word.removeprefix("#")
    return digits if re.fullmatch(r"[0-9]{1,19}", digits) and int(digits) < 2**63 else ""


def meant(
    word: str,
    platforms: Sequence[str],
    numbers: Mapping[tuple[str, str], int],
    usernames: Mapping[tuple[str, str], int],
    names: Mapping[str, Sequence[int]],
) -> Sequence[int]:
    """Which members a word may mean: an id or @username on the first platform that knows it, else all of that name."""
    keys, known = (number_in(word), numbers) if number_in(word) else (word.removeprefix("@").casefold(), usernames)
    found = [known[platform, keys] for platform in platforms if (platform, keys) in known]
    if found and (known is numbers or word.startswith("@")):
        return found[:1]
    return names.get(word, ())


def objections(lines: Iterable[Line], people: Mapping[int, Member], nets: Mapping[int, int], giver: int) -> list[Wrong]:
    """Check lines one after the other, as they would be applied; a wrong line changes nothing for the others."""
    left, wrong = dict(nets), []
    for line in lines:
        member, has = people[line.member_id], left.get(line.member_id, 0)
        if objection := _objection(line, member, has, giver):
            wrong.append(Wrong(line.line, objection))
        else:
            left[line.member_id] = has + line.amount
    return wrong


def _objection(line: Line, member: Member, has: int, giver: int) -> Refusal | None:
    if line.amount < 0:
        return Refusal("points.take.too_much", member=member, count=max(has, 0)) if has + line.amount < 0 else None
    if line.member_id == giver:
        return Refusal("points.give.not_yourself")
    if member.bot:
        return Refusal("points.give.bot")
    return Refusal("points.give.gone", member=member) if member.left_at is not None else None


def sums(lines: Iterable[Line]) -> list[Sum]:
    """What each member gains and what they lose, as two sums, in the order of their first lines."""
    found: dict[tuple[int, bool], list[Line]] = defaultdict(list)
    for line in lines:
        found[line.member_id, line.amount > 0].append(line)
    return [
        Sum(member, sum(each.amount for each in own), tuple(dict.fromkeys(each.why for each in own)), own[0].line)
        for (member, _), own in found.items()
    ]


def hurdle(batch: Batch, member: Member, now: int) -> Refusal | None:
    """Why this member cannot apply or drop it."""
    if batch.owner_id != member.id:
        return Refusal("points.apply.not_yours")
    if batch.state != "shown":
        return Refusal("points.apply.before")
    return Refusal("points.apply.late") if now > batch.made_at + APPLY_WITHIN else None
