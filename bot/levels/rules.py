"""Curves from points to levels, exact in whole numbers; other bots' curves, so that levels survive a move."""

from bisect import bisect_right
from enum import Enum

FULL, EMPTY = "▰", "▱"


class Curve(Enum):
    LINEAR = "linear"
    MEE6 = "mee6"
    LURKR = "lurkr"
    AMARI = "amari"
    ARCANE_LINEAR = "arcane_linear"
    ARCANE_EXPONENTIAL = "arcane_exponential"
    ARCANE_FLAT = "arcane_flat"


#: points needed in all for level n, times six: a·n³ + b·n² + c·n + d. Sixths, for sums of squares have them.
SIXTHS: dict[Curve, tuple[int, int, int, int]] = {
    Curve.LINEAR: (0, 0, 600, 0),
    # each step from n to n + 1 takes 5n² + 50n + 100
    Curve.MEE6: (10, 135, 455, 0),
    Curve.LURKR: (0, 300, -600, 900),
    Curve.AMARI: (0, 120, -240, 330),
    # each step to n takes 100n + 75, 5n² + 50n + 75, and 1000
    Curve.ARCANE_LINEAR: (0, 300, 750, 0),
    Curve.ARCANE_EXPONENTIAL: (10, 165, 605, 0),
    Curve.ARCANE_FLAT: (0, 0, 6000, 0),
}


def needed(level: int, curve: Curve) -> int:
    """Points a member has when they reach this level; everybody begins at level 0."""
    if level <= 0:
        return 0
    a, b, c, d = SIXTHS[curve]
    return (((a * level + b) * level + c) * level + d) // 6


def level_of(score: int, curve: Curve) -> int:
    """No level takes less than one point, so the level is among the first `score` ones."""
    return bisect_right(range(1, max(score, 0) + 1), score, key=lambda level: needed(level, curve))


def bar(done: int, whole: int, cells: int = 10) -> str:
    """Full only when everything is done."""
    full = done * cells // whole
    return FULL * full + EMPTY * (cells - full)
