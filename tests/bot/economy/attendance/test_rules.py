"""Who may be put on the list, and codes that are read off a screen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.economy.attendance.rules import LENGTH, LETTERS, code_of, folded, objection
from models.gatherings import Gathering
from models.members import Member

NOW = 1_800_000_000_000
MEETING = Gathering(
    community_id=1,
    number=3,
    title="Tea",
    points=10,
    code=None,
    place_id=2,
    owner_id=7,
    opened_at=NOW - 1000,
    closes_at=NOW + 1000,
)
CODED = replace(MEETING, code="QX7K2M")
ANN = Member(community_id=1, id=8, name="Ann", language=None, time_zone=None, bot=False, joined_at=None, left_at=None)


@given(st.text("0123456789abcdef", min_size=64, max_size=64))
def test_codes_can_be_read_aloud(chance: str) -> None:
    """A code has six letters that cannot be confused, and is read however it is typed."""
    code = code_of(chance)

    assert len(code) == LENGTH
    assert set(code) <= set(LETTERS)
    assert not set("01OI") & set(LETTERS)
    assert folded(f" {code[:3].lower()} {code[3:]} ") == code
    assert folded("ｑｘ７") == "QX7"


@pytest.mark.parametrize(
    ("gathering", "member", "code", "path"),
    [
        (MEETING, ANN, "", None),
        (MEETING, ANN, "whatever", None),
        (CODED, ANN, "qx7k2m", None),
        (CODED, ANN, "", "attend.needs_code"),
        (CODED, ANN, "QX7K2N", "attend.wrong_code"),
        (CODED, ANN, "'; DROP TABLE", "attend.wrong_code"),
        (replace(MEETING, closed_at=NOW), ANN, "", "attend.over"),
        (replace(MEETING, closes_at=NOW), ANN, "", "attend.over"),
        (MEETING, replace(ANN, bot=True), "", "attend.bot"),
        (MEETING, replace(ANN, left_at=NOW), "", "attend.gone"),
    ],
)
def test_who_may_be_on_the_list(gathering: Gathering, member: Member, code: str, path: str | None) -> None:
    """Members who are here, while it is open; if it has a code, only members who know it."""
    refusal = objection(gathering, member, code, NOW)

    assert (refusal.path if refusal else None) == path
