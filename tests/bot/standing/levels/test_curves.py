"""Curves from points to levels."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit import Refusal
from bot.standing.levels.rules import HIGHEST, PRESETS, Curve, bar, brought, level_of, needed, polynomial
from models.levels import LevelRole

CURVES = st.sampled_from(list(PRESETS))


@pytest.mark.parametrize(
    ("curve", "first"),
    [
        (Curve.LINEAR, [100, 200, 300, 400, 500]),
        (Curve.MEE6, [100, 255, 475, 770, 1150]),
        (Curve.LURKR, [100, 150, 300, 550, 900]),
        (Curve.AMARI, [35, 55, 115, 215, 355]),
        (Curve.ARCANE_LINEAR, [175, 450, 825, 1300, 1875]),
        (Curve.ARCANE_EXPONENTIAL, [130, 325, 595, 950, 1400]),
        (Curve.ARCANE_FLAT, [1000, 2000, 3000, 4000, 5000]),
    ],
)
def test_the_first_levels(curve: Curve, first: list[int]) -> None:
    """What the first five levels need, as in the tables of the bots the curves come from."""
    assert [needed(level, PRESETS[curve]) for level in range(1, 6)] == first


@pytest.mark.parametrize(
    ("curve", "step"),
    [
        (Curve.MEE6, lambda n: 5 * (n - 1) ** 2 + 50 * (n - 1) + 100),
        (Curve.ARCANE_LINEAR, lambda n: 100 * n + 75),
        (Curve.ARCANE_EXPONENTIAL, lambda n: 5 * n**2 + 50 * n + 75),
        (Curve.ARCANE_FLAT, lambda _: 1000),
    ],
)
@given(level=st.integers(1, 10_000))
def test_a_closed_form_is_the_sum_of_its_steps(curve: Curve, step: Callable[[int], int], level: int) -> None:
    """Where a curve is published as steps, each level needs exactly one step more."""
    assert needed(level, PRESETS[curve]) - needed(level - 1, PRESETS[curve]) == step(level)


@pytest.mark.parametrize(
    ("curve", "published"),
    [
        (Curve.MEE6, lambda n: (5 / 3) * n**3 + 22.5 * n**2 + (455 / 6) * n),
        (Curve.LURKR, lambda n: 50 * n**2 - 100 * n + 150),
        (Curve.AMARI, lambda n: 20 * n**2 - 40 * n + 55),
    ],
)
@given(level=st.integers(1, 1000))
def test_a_cumulative_formula_is_met(curve: Curve, published: Callable[[int], float], level: int) -> None:
    """Where a curve is published as a sum, ours is equal, without its fractions."""
    assert needed(level, PRESETS[curve]) == pytest.approx(published(level), abs=0.01)


@given(score=st.integers(0, 2**63 - 1), curve=CURVES)
def test_a_level_is_the_highest_that_is_paid_for(score: int, curve: Curve) -> None:
    """For any number of points, exactly: the level is reached and the next is not."""
    level = level_of(score, PRESETS[curve])

    assert needed(level, PRESETS[curve]) <= score < needed(level + 1, PRESETS[curve])


@given(level=st.integers(1, 100_000), curve=CURVES)
def test_one_point_makes_the_difference(level: int, curve: Curve) -> None:
    """A level begins at exactly the points it needs."""
    assert level_of(needed(level, PRESETS[curve]), PRESETS[curve]) == level
    assert level_of(needed(level, PRESETS[curve]) - 1, PRESETS[curve]) == level - 1


@pytest.mark.parametrize("curve", PRESETS)
def test_everybody_begins_at_level_0(curve: Curve) -> None:
    """With nothing, and with less than nothing, which no score should be."""
    assert level_of(0, PRESETS[curve]) == 0
    assert level_of(-1, PRESETS[curve]) == 0
    assert needed(0, PRESETS[curve]) == 0


@pytest.mark.parametrize(
    ("done", "whole", "shown"),
    [
        (0, 100, "▱▱▱▱▱▱▱▱▱▱"),
        (9, 100, "▱▱▱▱▱▱▱▱▱▱"),
        (10, 100, "▰▱▱▱▱▱▱▱▱▱"),
        (99, 100, "▰▰▰▰▰▰▰▰▰▱"),
        (100, 100, "▰▰▰▰▰▰▰▰▰▰"),
    ],
)
def test_a_bar_is_full_when_all_is_done(done: int, whole: int, shown: str) -> None:
    """A cell is filled when all of it is done, so that nobody seems to be there too early."""
    assert bar(done, whole) == shown


@pytest.mark.parametrize(
    ("text", "curve"),
    [
        ("100 0", Curve.LINEAR),
        ("50 -100 150", Curve.LURKR),
        ("20, -40, 55", Curve.AMARI),
        ("1000 0", Curve.ARCANE_FLAT),
    ],
)
@given(level=st.integers(0, 10_000))
def test_a_polynomial_says_what_a_preset_says(text: str, curve: Curve, level: int) -> None:
    """Its numbers are the published ones, the highest power first."""
    assert needed(level, polynomial(text)) == needed(level, PRESETS[curve])


@given(
    numbers=st.lists(
        st.decimals(-1_000_000, 1_000_000, places=3).map(str) | st.text(max_size=5), min_size=0, max_size=5
    )
)
def test_what_is_accepted_grows(numbers: list[str]) -> None:
    """Any text is either refused, or every level needs more than the one before, even the last ones."""
    try:
        shape = polynomial(" ".join(numbers))
    except Refusal:
        return

    points = [needed(level, shape) for level in (0, 1, 2, 3, 50, HIGHEST - 1, HIGHEST, HIGHEST + 1, 10**6, 10**6 + 1)]
    assert points == sorted(set(points))


@pytest.mark.parametrize("text", ["", "a", "1 2 3 4 5", "0", "-1 0", "0 0", "1e309 0", "5 -5000 0", "١ ٢", "9" * 11])
def test_no_polynomial(text: str) -> None:
    """Nothing, too many numbers, no numbers, and those by which a level would need no more than the one before."""
    with pytest.raises(Refusal):
        polynomial(text)


ROLES = [
    LevelRole(1, 5, 9, "50", "Regular"),
    LevelRole(1, 10, 9, "100", "Veteran"),
    LevelRole(1, 10, 9, "101", "Speaker"),
    LevelRole(1, 20, 9, "200", "Elder"),
]


@pytest.mark.parametrize(
    ("level", "stacked", "replaced"),
    [
        (0, "", ""),
        (5, "Regular", "Regular"),
        (9, "Regular", "Regular"),
        (12, "Regular Veteran Speaker", "Veteran Speaker"),
        (999, "Regular Veteran Speaker Elder", "Elder"),
    ],
)
def test_what_a_level_brings(level: int, stacked: str, replaced: str) -> None:
    """Every role up to it, so that a jump skips none; or only those of the highest level."""
    assert [role.name for role in brought(level, ROLES, stack=True)] == stacked.split()
    assert [role.name for role in brought(level, ROLES, stack=False)] == replaced.split()
