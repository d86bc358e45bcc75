"""Typed text becomes a value or one clear refusal, and a signature becomes options."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit import Choice, Duration, Long, Range, Refusal, Reply, Suggest, Tail, Work
from bot.kit.options import (
    BOUNDS,
    DURATION,
    READERS,
    TEXT,
    WHOLE,
    File,
    Image,
    Kind,
    Option,
    read_duration,
    read_file,
    read_options,
    write_duration,
)
from bot.kit.references import UPLOAD_BYTES, Picture, Role, TextFile, Upload
from models.communities import Place
from models.members import Member


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


async def near(_work: Work, typed: str) -> Sequence[Choice]:
    return [Choice(typed, typed)]


def option(kind: Kind, bounds: Range | None = None) -> Option:
    sizes = tuple(str(size.value) for size in Size) if kind is Kind.CHOICE else ()
    return Option(name="it", kind=kind, bounds=bounds or BOUNDS.get(kind), choices=sizes, enum=Size if sizes else None)


def read(kind: Kind, typed: object, bounds: Range | None = None) -> object:
    return READERS[kind](option(kind, bounds), typed)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.WHOLE, "0", 0),
        (Kind.WHOLE, "-1", -1),
        (Kind.WHOLE, "+7", 7),
        (Kind.WHOLE, "007", 7),
        (Kind.WHOLE, "0" * 5000 + "7", 7),
        (Kind.DURATION, "0", timedelta(0)),
        (Kind.DURATION, "Never", timedelta(0)),
        (Kind.DURATION, "无", timedelta(0)),
        (Kind.DURATION, "5 minutes", timedelta(minutes=5)),
        (Kind.DURATION, "1 day 12 hours", timedelta(days=1, hours=12)),
        (Kind.DURATION, "3 天 2 小时", timedelta(days=3, hours=2)),
        (Kind.DURATION, "5分钟", timedelta(minutes=5)),
        (Kind.WHOLE, " 7 ", 7),
        (Kind.WHOLE, "１０", 10),
        (Kind.WHOLE, "－１", -1),
        (Kind.WHOLE, 7, 7),
        (Kind.WHOLE, 7.0, 7),
        (Kind.WHOLE, str(WHOLE.high), 2**53 - 1),
        (Kind.YES_NO, "on", True),
        (Kind.YES_NO, "OFF", False),
        (Kind.YES_NO, "是", True),
        (Kind.YES_NO, "关闭", False),
        (Kind.YES_NO, " yes ", True),
        (Kind.YES_NO, True, True),
        (Kind.YES_NO, False, False),
        (Kind.CHOICE, "SMALL", Size.SMALL),
        (Kind.CHOICE, " large ", Size.LARGE),
        (Kind.DURATION, "3d12h", timedelta(days=3, hours=12)),
        (Kind.DURATION, "3 d 12 H", timedelta(days=3, hours=12)),
        (Kind.DURATION, "９０m", timedelta(minutes=90)),
        (Kind.DURATION, "2w", timedelta(weeks=2)),
        (Kind.DURATION, "0s", timedelta(0)),
        (Kind.TEXT, "  tea\tfor\ntwo ", "tea\tfor\ntwo"),
        (Kind.TEXT, "nul\x00 and \ud800half", "nul and half"),
        (Kind.TEXT, "👩‍👩‍👧 z̴͎a̷lgo \u202ertl", "👩‍👩‍👧 z̴͎a̷lgo \u202ertl"),
        (Kind.TEXT, "", ""),
    ],
)
def test_what_can_be_meant_is_understood(kind: Kind, typed: object, value: object) -> None:
    """Digits, switches, choices and times as phones and Chinese keyboards write them."""
    assert read(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "path"),
    [
        (Kind.WHOLE, "1.5", "refusal.whole"),
        (Kind.WHOLE, 1.5, "refusal.whole"),
        (Kind.WHOLE, "1e309", "refusal.whole"),
        (Kind.WHOLE, float("1e309"), "refusal.whole"),
        (Kind.WHOLE, float("nan"), "refusal.whole"),
        (Kind.WHOLE, "٣", "refusal.whole"),
        (Kind.WHOLE, "", "refusal.whole"),
        (Kind.WHOLE, "-", "refusal.whole"),
        (Kind.WHOLE, "five", "refusal.whole"),
        (Kind.WHOLE, "1_000", "refusal.whole"),
        (Kind.WHOLE, "0x10", "refusal.whole"),
        (Kind.WHOLE, "9" * 5000, "refusal.range"),
        (Kind.WHOLE, "-" + "9" * 5000, "refusal.range"),
        (Kind.WHOLE, str(2**63), "refusal.range"),
        (Kind.WHOLE, str(2**53), "refusal.range"),
        (Kind.YES_NO, "maybe", "refusal.yes_no"),
        (Kind.YES_NO, "", "refusal.yes_no"),
        (Kind.CHOICE, "medium", "refusal.choice"),
        (Kind.DURATION, "3", "refusal.duration"),
        (Kind.DURATION, "-3d", "refusal.duration"),
        (Kind.DURATION, "1.5h", "refusal.duration"),
        (Kind.DURATION, "d", "refusal.duration"),
        (Kind.DURATION, "5 fortnights", "refusal.duration"),
        (Kind.DURATION, "3d and 2h", "refusal.duration"),
        (Kind.DURATION, "3d2", "refusal.duration"),
        (Kind.DURATION, "", "refusal.duration"),
        (Kind.DURATION, "٣d", "refusal.duration"),
        (Kind.DURATION, "101y", "refusal.duration_range"),
        (Kind.DURATION, "999999999w" * 400, "refusal.duration_range"),
        (Kind.TEXT, "x" * (TEXT.high + 1), "refusal.length"),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: Kind, typed: object, path: str) -> None:
    """One refusal with its own sentence; what it repeats of the input is short."""
    with pytest.raises(Refusal) as refusal:
        read(kind, typed)

    assert refusal.value.path == path
    assert all(len(str(value)) <= 40 for value in refusal.value.values.values())


@pytest.mark.parametrize(
    ("kind", "bounds", "inside", "outside"),
    [
        (Kind.WHOLE, Range(1, 10), ["1", "10"], ["0", "11", "-1"]),
        (Kind.TEXT, Range(2, 3), ["ab", "积积积"], ["a", " a ", "abcd"]),
        (Kind.DURATION, Range(60, 120), ["60s", "2m"], ["59s", "121s"]),
    ],
)
def test_bounds_are_included(kind: Kind, bounds: Range, inside: list[str], outside: list[str]) -> None:
    """Both ends of a range are allowed; one beyond is refused, and the refusal names both ends."""
    for typed in inside:
        read(kind, typed, bounds)
    for typed in outside:
        with pytest.raises(Refusal) as refusal:
            read(kind, typed, bounds)
        assert set(refusal.value.values) == {"low", "high"}


@given(st.integers(0, DURATION.high))
def test_a_written_duration_is_read(seconds: int) -> None:
    """What we write is what we read, to the second."""
    value = timedelta(seconds=seconds)

    assert read_duration(option(Kind.DURATION), write_duration(value)) == value


@given(st.text())
def test_no_text_breaks_a_reader(typed: str) -> None:
    """Whatever is typed, a reader returns a value or refuses."""
    for kind in READERS:
        with suppress(Refusal):
            read(kind, typed)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_as_it_says(encoding: str, text: str) -> None:
    """UTF-8 with and without its mark, and UTF-16 with it, are read back letter by letter."""
    handed = Upload("1", "tea.csv", 0, text.encode(encoding))
    unmarked = text.removeprefix("\ufeff") if encoding == "utf-8" else text

    assert read_file(option(Kind.FILE), handed) == TextFile("tea.csv", unmarked)


@pytest.mark.parametrize(
    ("handed", "path"),
    [
        ("tea.csv", "refusal.file"),
        (Picture("1", "tea.png", 3), "refusal.file"),
        (Upload("1", "tea.csv", 3), "refusal.file_lost"),
        (Upload("1", "tea.csv", UPLOAD_BYTES + 1), "refusal.file_size"),
        (Upload("1", "tea.csv", 0, b"x" * (UPLOAD_BYTES + 1)), "refusal.file_size"),
        (Upload("1", "tea.csv", 3, "积分".encode("gb18030")), "refusal.file_text"),
        (Upload("1", "tea.csv", 3, "tea".encode("utf-16")[:-1]), "refusal.file_text"),
        (Upload("1", "tea.csv", 3, "tea".encode("utf-16-le")), "refusal.file_text"),
        (Upload("1", "tea.csv", 3, "tea".encode("utf-32")), "refusal.file_text"),
        (Upload("1", "tea.csv", 3, b"te\0a"), "refusal.file_text"),
    ],
)
def test_what_is_no_text_is_refused(handed: object, path: str) -> None:
    """Nothing is guessed: each is refused, with what to do."""
    with pytest.raises(Refusal) as refused:
        read_file(option(Kind.FILE), handed)

    assert refused.value.path == path


async def everything(
    work: Work,
    to: Member,
    amount: Annotated[int, Range(1, 9)],
    size: Size,
    wait: Annotated[Duration, Range(60, 120)],
    sure: bool,
    where: Place | None = None,
    rank: Role | None = None,
    picture: Image | None = None,
    file: File | None = None,
    key: Annotated[str | None, Suggest(near)] = None,
    more: Annotated[str, Long(), Range(0, 200)] = "",
    why: Tail = "for nothing",
) -> Reply:
    raise NotImplementedError


def test_a_signature_becomes_options() -> None:
    """Every parameter after the unit of work: its kind, whether it is required, its default and its marks."""
    options = {each.name: each for each in read_options(everything)}

    assert {name: each.kind for name, each in options.items()} == {
        "to": Kind.MEMBER,
        "amount": Kind.WHOLE,
        "size": Kind.CHOICE,
        "wait": Kind.DURATION,
        "sure": Kind.YES_NO,
        "where": Kind.PLACE,
        "rank": Kind.ROLE,
        "picture": Kind.IMAGE,
        "file": Kind.FILE,
        "key": Kind.TEXT,
        "more": Kind.TEXT,
        "why": Kind.TEXT,
    }
    assert [name for name, each in options.items() if each.required] == ["to", "amount", "size", "wait", "sure"]
    assert options["amount"].bounds == Range(1, 9)
    assert options["wait"].bounds == Range(60, 120)
    assert options["why"].bounds == TEXT
    assert options["sure"].bounds is None
    assert (options["size"].choices, options["size"].enum) == (("small", "large"), Size)
    assert options["key"].suggest is near
    assert [name for name, each in options.items() if each.long] == ["more"]
    assert [name for name, each in options.items() if each.rest] == ["why"]
    assert options["why"].default == "for nothing"


def test_what_no_platform_can_ask_is_no_option() -> None:
    """A parameter of a type without a kind is refused where it is declared, before anything is served."""

    async def odd(work: Work, weight: float) -> Reply:
        raise NotImplementedError

    with pytest.raises(KeyError):
        read_options(odd)
