"""Codes: no two are equal, they may be typed in many ways, and a wrong one is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit import Refusal
from bot.standing.certificates.rules import GROUP, LENGTH, LETTERS, code_of, read_code, shown

CHANCES = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
CODE = "7KQ49XYZ2M3NAB0K"


@given(CHANCES)
def test_a_code_reads_as_itself(chance: str) -> None:
    """In the form that is shown, and in the form that is stored."""
    code = code_of(chance)

    assert len(code) == LENGTH
    assert set(code) <= set(LETTERS)
    assert read_code(code) == code == read_code(shown(code))


def test_codes_spread_over_all_there_are() -> None:
    """Codes of near numbers differ only in their last letters; codes of distant ones in all."""
    assert code_of("0" * 64) == "0" * LENGTH
    assert code_of(f"{32**15 - 1:064x}")[:14] in ("Z" * 14, "0" * 14)
    assert code_of(f"{32**15 + 5:064x}") == code_of(f"{5:064x}")


@given(CHANCES, st.integers(0, LENGTH - 1), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_noticed(chance: str, at: int, letter: str) -> None:
    """Any single letter."""
    code = code_of(chance)
    wrong = code[:at] + letter + code[at + 1 :]

    if wrong != code:
        with pytest.raises(Refusal, match=r"verify\.misread"):
            read_code(wrong)


@given(CHANCES, st.integers(0, LENGTH - 2))
def test_two_letters_that_changed_places_are_noticed(chance: str, at: int) -> None:
    """As happens while typing."""
    code = code_of(chance)
    wrong = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    if wrong != code:
        with pytest.raises(Refusal, match=r"verify\.misread"):
            read_code(wrong)


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        shown(CODE),
        CODE.lower(),
        "7kq4 9xyz 2m3n ab0k",
        " 7KQ4–9XYZ—2M3N−AB0K ",
        "7KQ4-9XYZ-2M3N-ABOK",
        "7kq49xyz2m3nabok",
        "`7KQ4-9XYZ-2M3N-AB0K`",
        "７ＫＱ４－９ＸＹＺ－２Ｍ３Ｎ－ＡＢ０Ｋ",
        "7KQ4\u200b9XYZ\u202e2M3N\0AB0K",
    ],
)
def test_how_it_is_typed_does_not_matter(typed: str) -> None:
    """Small letters, blanks, dashes of any kind, O for 0, wide letters, and invisible characters."""
    assert read_code(typed) == CODE


def test_letters_that_look_alike_are_one() -> None:
    """I and L are 1."""
    code = code_of(f"{int('1' * 15, 32):064x}")

    assert read_code(code.replace("1", "I", 4).replace("1", "l", 4)) == code


@pytest.mark.parametrize(
    "typed", ["", "-", "7KQ4", CODE + "0", "U" * 16, "@everyone", "<b>", "٣" * 16, "😀" * 16, "x" * 4000, "½" * 16]
)
def test_what_is_no_code_is_told_so(typed: str) -> None:
    """Before anything is looked up."""
    with pytest.raises(Refusal, match=r"verify\.no_code"):
        read_code(typed)


def test_a_code_is_shown_in_groups() -> None:
    """Of four, as people read it aloud."""
    assert shown(CODE) == "7KQ4-9XYZ-2M3N-AB0K"
    assert LENGTH % GROUP == 0
