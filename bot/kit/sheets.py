"""Tables as text: read as spreadsheets and people write them, and written so that no spreadsheet obeys a cell."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import NamedTuple

MEDIA = "text/csv"
MARK = codecs.BOM_UTF8
#: what cells are parted by, as keyboards have them; the first that parts the first row in the most cells is meant
SEPARATORS = "\t;,；，"
#: what a spreadsheet would take for a formula, also behind blanks that do not show; wide signs count in some languages,
#: and in some a semicolon parts the cells of every table
_OBEYED = r"['\"\s]*[=+\-@＝＋－＠]"
_FORMULA = re.compile(rf"(^|;)({_OBEYED})")
_GUARDED = re.compile(rf"(^|;)'({_OBEYED})")

Cell = str | int | None


class Row(NamedTuple):
    #: as whoever looks into the text counts its lines
    line: int
    cells: list[str]


class Unreadable(Exception):
    """A quote that is opened and never closed, a cell without end, or the like; from this line on."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def read(text: str, most: int) -> list[Row]:
    """Every row that is not empty; of more than so many, one more."""
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
    """With the mark by which spreadsheets tell UTF-8; numbers stay numbers."""
    return MARK + b"".join(map(_written, rows))


def fit(rows: Iterable[Sequence[Cell]], most: int) -> tuple[bytes, int]:
    """As `write`, and no more rows than so many bytes hold; how many those are."""
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
    """What was written, without the marks that kept a spreadsheet from obeying it."""
    bare = " ".join(cell.split())
    return _GUARDED.sub(r"\1\2", bare) if "'" in bare else bare


def _shows(each: str) -> bool:
    return unicodedata.category(each) not in ("Cc", "Cs", "Zl", "Zp")
