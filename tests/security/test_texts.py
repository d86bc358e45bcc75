"""A text may be as long as a platform allows, and consist of anything: reading it stays quick."""

import ast
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot.economy.attendance.rules import folded as code_folded
from bot.economy.tables.rules import read_table
from bot.economy.thanks.rules import is_thanks, named
from bot.host.registry import open_house
from bot.kit import Range, Refusal, sheets, written
from bot.kit.grammar import parse
from bot.kit.invocation import Line
from bot.kit.letters import MARKS, normal
from bot.kit.options import Kind, Option, read_duration, read_text, read_whole, read_zone
from bot.kit.references import clean
from bot.kit.resemblance import imprint
from bot.kit.terms import asked_terms, spelt, terms
from bot.knowledge.coaching.rules import says_nothing
from bot.knowledge.questions.rules import read_draft, read_tag, typed_tags
from bot.knowledge.threads import rules as threads_rules
from bot.knowledge.threads.rules import is_own_fix
from bot.standing.certificates.rules import read_code
from models.search import containing
from tests.security.hostile import LENGTH, SLOW
from tests.sources import tree

HERE = Path(__file__).parents[2]
COMMANDS = open_house().commands
NUMBER = Option(name="amount", kind=Kind.WHOLE, bounds=Range(1, 9))
#: marks that must change places, one that counts as two, a letter that becomes eighteen, and our own marks
HOSTILE = [
    "a" + "\u0315" * (LENGTH // 2) + "\u0316" * (LENGTH // 2),
    "a" + "\u0344" * (LENGTH // 2) + "\u0334" * (LENGTH // 2),
    *(
        part * (LENGTH // len(part))
        for part in ("\ufdfa", "\u0390", "#a-", "#a ", "a ", " ", "\n", "谢", "🙂", '" ', "`", "``` ")
    ),
    *(
        part * (LENGTH // len(part))
        for part in ("thanks ", "\\", "_a ", "[", "**", "@", "http://", "求", "1s", "/a ", "points ")
    ),
]
#: the functions that read what a member typed or wrote
READERS: list[Callable[[str], object]] = [
    *(
        asked_terms,
        terms,
        spelt,
        read_draft,
        read_tag,
        typed_tags,
        is_thanks,
        is_own_fix,
        named,
        written,
        clean,
        read_code,
    ),
    *(code_folded, says_nothing, read_table, containing),
    lambda text: sheets.read(text, len(text)),
    lambda text: threads_rules.judge(threads_rules.Line(text=text)),
    lambda text: threads_rules.is_glad(threads_rules.Line(text=text)),
    lambda text: imprint(text, "00"),
    lambda text: read_whole(NUMBER, text),
    lambda text: read_duration(NUMBER, text),
    lambda text: read_text(NUMBER, text),
    lambda text: read_zone(NUMBER, text),
    lambda text: parse(Line.of(text), COMMANDS),
    lambda text: parse(Line.of(f"/ask {text}"), COMMANDS),
]


def seconds(reader: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    with suppress(Refusal, sheets.Unreadable):
        reader(text)
    return time.thread_time() - began


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: getattr(reader, "__name__", ""))
def test_no_text_takes_long_to_read(reader: Callable[[str], object]) -> None:
    """4,000 characters, by the fastest of three times, since the machine may be busy."""
    slow = {text[:6]: took for text in HOSTILE if (took := min(seconds(reader, text) for _ in range(3))) > 2 * SLOW}

    assert slow == {}


def test_a_cell_of_a_table_takes_no_longer() -> None:
    """A file may have a hundred times as much as a message, nearly all of it in one cell."""
    cell = "a" + "\u0315" * 60_000 + "\u0316" * 60_000

    assert min(seconds(read_table, f"ann,{cell},for it") for _ in range(2)) < 1


@pytest.mark.parametrize(
    "text", ["Ünïcödé ①", "é" * 40, "क्षि", "\u0e01\u0e34\u0e49", "a" + "\u0315\u0316" * (MARKS // 2)]
)
def test_texts_that_people_write_are_normalized_as_ever(text: str) -> None:
    """Only more marks than any language uses are cut."""
    for form in ("NFC", "NFKD", "NFKC"):
        assert normal(form, text) == unicodedata.normalize(form, text)
    assert len(normal("NFC", "x" + "\u0316" * 1000)) == 1 + MARKS


def test_nothing_else_normalizes() -> None:
    """So that no reader takes quadratic time for many marks; except for pictures, whose lines are cut before."""
    rooms = [file for room in ("adapters", "bot", "models") for file in (HERE / room).rglob("*.py")]
    found = [
        file.relative_to(HERE).as_posix()
        for file in rooms
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and node.attr == "normalize"
    ]

    assert found == ["adapters/worker/lettering.py", "bot/kit/letters.py"]
