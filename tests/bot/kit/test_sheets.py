"""Tables are read as they come, and written so that they open anywhere."""

import csv
import time
import unicodedata
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.kit.sheets import Row, Unreadable, read, write

#: characters that matter to spreadsheets and to CSV, and any others
HOSTILE = st.text(st.one_of(st.sampled_from("=+-@＝＋－＠'\"\t\r\n;, \u00a0\u2028\u3000"), st.characters()))
#: rows, for tests that do not test their number
MANY = 1_000_000
CELLS = st.one_of(HOSTILE, st.integers(-(2**63), 2**63), st.none())


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("ann,5,tea", [["ann", "5", "tea"]]),
        ("ann;5;tea, green", [["ann", "5", "tea, green"]]),
        ("ann\t5\ttea; green, hot", [["ann", "5", "tea; green, hot"]]),
        ("小明，５，茶", [["小明", "５", "茶"]]),
        ("\ufeffann, 5 ,tea\r\nbob,6,\r\n", [["ann", "5", "tea"], ["bob", "6", ""]]),
        ('"Lee, Ann",5,"so ""good"""', [["Lee, Ann", "5", 'so "good"']]),
        ("'@ann,5,'=tea", [["@ann", "5", "=tea"]]),
        ("'ann,5,it's", [["'ann", "5", "it's"]]),
        ("", []),
        ("\n , \n\n", []),
    ],
)
def test_tables_as_people_write_them(text: str, rows: list[list[str]]) -> None:
    """Whatever separates cells or ends lines; and marks only for spreadsheets are removed."""
    assert [row.cells for row in read(text, MANY)] == rows


def test_lines_are_numbered_as_they_are_seen() -> None:
    """Empty lines count, and a cell of two lines has the number of its first."""
    assert read('a,b\n\n"two\nlines",c\nd,e', MANY) == [
        Row(1, ["a", "b"]),
        Row(3, ["two lines", "c"]),
        Row(5, ["d", "e"]),
    ]


def test_no_more_rows_are_read_than_are_wanted() -> None:
    """Except one, which shows that there are more."""
    assert [row.line for row in read("\na\nb\n\nc\nd", 2)] == [2, 3, 5]


def test_what_cannot_be_read_is_told_by_its_line() -> None:
    """A quote that is never closed would take in the rest."""
    with pytest.raises(Unreadable) as unreadable:
        read('ann,5,tea\nbob,6,"tea\ncid,7,tea', MANY)

    assert unreadable.value.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "x" * 250_000,
        "ann,5," + "x" * 250_000,
        'ann,5,"' + "x" * 250_000 + '"',
        'ann,5,tea\nbob,6,"' + "x\n" * 120_000 + '"',
        '"' + "x" * 250_000,
        "ann,5" + ",x" * 100_000,
        ";" * 100_000,
        '"' * 100_000,
        "ann\rbob\r\nc\u2028d\x0be\x1cf,1",
        "nul\0nul,5,\0",
        '"two\rlines",5',
        "half \ud800 half,5",
    ],
)
def test_an_endless_line_is_read_or_told(text: str) -> None:
    """A cell, a row or a quote of a quarter of a million characters is no error."""
    began = time.perf_counter()
    with suppress(Unreadable):
        assert all(any(row.cells) for row in read(text, MANY))

    assert time.perf_counter() - began < 5


@given(st.text())
def test_any_text_is_read_or_told(text: str) -> None:
    """Nothing else is ever raised."""
    try:
        rows = read(text, MANY)
    except Unreadable:
        return
    assert all(any(row.cells) for row in rows)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5))
@example([["=1+1", "\n@sum"], [" -2", "+3"]])
def test_no_cell_is_obeyed(rows: list[list[str | int | None]]) -> None:
    """No text begins a formula, in its first line or another; a number stays a number."""
    opened = list(csv.reader(StringIO(write(rows).decode("utf-8-sig"), newline="")))

    assert len(opened) == len(rows)
    for row, cells in zip(rows, opened, strict=True):
        for cell, shown in zip(row, cells, strict=True):
            if isinstance(cell, int):
                assert int(shown) == cell
            else:
                assert not shown.strip().startswith(tuple("=+-@＝＋－＠"))
                assert not set("\t\r\n\u2028") & set(shown)


@given(st.lists(st.lists(HOSTILE, min_size=2, max_size=4), max_size=5))
@example([["b", "a;=cmd|'/c calc'!A1;b"]])
@example([["b", 'a;"=1+1;b']])
def test_no_cell_is_obeyed_where_semicolons_part_cells(rows: list[list[str]]) -> None:
    """Spreadsheets in German or French find cells within ours."""
    for cells in csv.reader(StringIO(write(rows).decode("utf-8-sig"), newline=""), delimiter=";"):
        for shown in cells:
            assert not shown.strip().startswith(tuple("=+-@＝＋－＠"))


@given(st.lists(st.lists(HOSTILE, min_size=3, max_size=3), max_size=5))
def test_what_was_written_is_read_back(rows: list[list[str]]) -> None:
    """Cell by cell, except for what no cell can show."""
    header = ["one", "two", "three"]
    shown = [[_shown(cell) for cell in row] for row in rows]

    assert [row.cells for row in read(write([header, *rows]).decode(), MANY)] == [header, *filter(any, shown)]


def _shown(cell: str) -> str:
    visible = (each if unicodedata.category(each) not in ("Cc", "Cs", "Zl", "Zp") else " " for each in cell)
    return " ".join("".join(visible).split())


def test_a_spreadsheet_knows_the_encoding() -> None:
    """The mark stands before the first cell."""
    assert write([["名字", 5]]) == "\ufeff名字,5\r\n".encode()
