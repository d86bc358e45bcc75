"""Tables as text: read as spreadsheets and people write them, and written so that no spreadsheet runs a cell."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import NamedTuple

MEDIA = "text/csv"
MARK = codecs.BOM_UTF8
#: separators, as keyboards have them; the first that splits the first row into the most cells is used
SEPARATORS = "\t;,；，"
#: what a spreadsheet could take for a formula, even after invisible blanks; wide signs count in some languages, and in
#: some a semicolon separates the cells of every table
_OBEYED = r"['\"\s]*[=+\-@＝＋－＠]"
_FORMULA = re.compile(rf"(^|;)({_OBEYED})")
_GUARDED = re.compile(rf"(^|;)'({_OBEYED})")

Cell = str | int | None


class Row(NamedTuple):
    #: the line where it begins, as an editor counts lines
    line: int
    cells: list[str]


class Unreadable(Exception):
    """From this line on the table cannot be read: a quote is never closed, a cell is too long, or the like."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def read(text: str, most: int) -> list[Row]:
    """All rows that are not empty; if there are more than `most`, one more than that."""
    text = text.removeprefix("\ufeff")
    rows: list[Row] = []
    line = 1
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True, skipinitialspace=True)
        for cells in reader:
            if len(rows) > most:
                break
            bare = [_bare(cell) for cell in cells]
            if any(bare):
                rows.append(Row(line, bare))
            line = reader.line_num + 1
    except csv.Error:
        raise Unreadable(line) from None
    return rows


def write(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table with the mark by which spreadsheets recognise UTF-8; numbers stay numbers."""
    return MARK + b"".join(map(_written, rows))


def fit(rows: Iterable[Sequence[Cell]], most: int) -> tuple[bytes, int]:
    """Like `write`, with only as many rows as fit into `most` bytes; returns how many those are."""
    parts, left = [MARK], most - len(MARK)
    for row in rows:
        part = _written(row)
        left -= len(part)
        if left < 0:
            break
        parts.append(part)
    return b"".join(parts), len(parts) - 1


def _written(row: Sequence[Cell]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerow([_guarded(cell) for cell in row])
    return text.getvalue().encode()


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda each: len(next(csv.reader([first], delimiter=each), [])))


def _guarded(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    if not cell.isprintable():
        cell = "".join(each if _shows(each) else " " for each in cell)
    shown = " ".join(cell.split())
    return _FORMULA.sub(r"\1'\2", shown)


def _bare(cell: str) -> str:
    """The cell without the marks that stop a spreadsheet from running it."""
    bare = " ".join(cell.split())
    return _GUARDED.sub(r"\1\2", bare) if "'" in bare else bare


def _shows(each: str) -> bool:
    return unicodedata.category(each) not in ("Cc", "Cs", "Zl", "Zp")
