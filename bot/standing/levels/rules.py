"""Curves from points to levels, exact in whole numbers, and which roles a level brings."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from bot.kit import Refusal
from models.levels import LevelRole

FULL, EMPTY = "▰", "▱"
#: the highest level that can bring a role, and up to which a polynomial is checked
HIGHEST = 1000
#: polynomials keep three digits behind the point
THOUSAND = 1000
LARGEST = 1_000_000_000
_NUMBER = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,3})?")


class Curve(Enum):
    LINEAR = "linear"
    MEE6 = "mee6"
    LURKR = "lurkr"
    AMARI = "amari"
    ARCANE_LINEAR = "arcane_linear"
    ARCANE_EXPONENTIAL = "arcane_exponential"
    ARCANE_FLAT = "arcane_flat"
    #: the community's own polynomial
    CUSTOM = "custom"


class Shape(NamedTuple):
    """Points needed in total for level n: (a·n³ + b·n² + c·n + d) / whole, rounded down."""

    a: int
    b: int
    c: int
    d: int
    whole: int


#: in sixths, because sums of squares need them
PRESETS: Mapping[Curve, Shape] = {
    Curve.LINEAR: Shape(0, 0, 600, 0, 6),
    # each step from n to n + 1 takes 5n² + 50n + 100
    Curve.MEE6: Shape(10, 135, 455, 0, 6),
    Curve.LURKR: Shape(0, 300, -600, 900, 6),
    Curve.AMARI: Shape(0, 120, -240, 330, 6),
    # each step to n takes 100n + 75, 5n² + 50n + 75, and 1000
    Curve.ARCANE_LINEAR: Shape(0, 300, 750, 0, 6),
    Curve.ARCANE_EXPONENTIAL: Shape(10, 165, 605, 0, 6),
    Curve.ARCANE_FLAT: Shape(0, 0, 6000, 0, 6),
}


def polynomial(text: str) -> Shape:
    """Up to four numbers, the highest power first: `5 50 100` is 5n² + 50n + 100. Each level must take more."""
    words = text.replace(",", " ").split()
    if not 1 <= len(words) <= 4 or not all(_NUMBER.fullmatch(word) for word in words):  # noqa: PLR2004 - a cubic has four
        raise Refusal("levels.polynomial.unread")
    numbers = [int(Decimal(word) * THOUSAND) for word in words]
    a, b, c, d = [0] * (4 - len(numbers)) + numbers
    shape = Shape(a, b, c, d, THOUSAND)
    if max(map(abs, numbers)) > LARGEST * THOUSAND or not _grows(shape):
        raise Refusal("levels.polynomial.shrinks", highest=HIGHEST)
    return shape


def _grows(shape: Shape) -> bool:
    """Checked up to the highest level; beyond it, the steps do not become smaller."""
    points = [needed(level, shape) for level in range(HIGHEST + 1)]
    steps = [higher - lower for lower, higher in pairwise(points)]
    return min(steps) > 0 and shape.a >= 0 and 3 * shape.a * HIGHEST + shape.b >= 0


def needed(level: int, shape: Shape) -> int:
    """The points a member needs in total for this level; everybody begins at level 0."""
    if level <= 0:
        return 0
    return (((shape.a * level + shape.b) * level + shape.c) * level + shape.d) // shape.whole


def level_of(score: int, shape: Shape) -> int:
    """Each level takes at least one point, so the level is among the first `score` ones."""
    return bisect_right(range(1, max(score, 0) + 1), score, key=lambda level: needed(level, shape))


def brought(level: int, roles: Iterable[LevelRole], *, stack: bool) -> list[LevelRole]:
    """The roles of this level and all below it; without `stack`, only those of the highest level that brings any."""
    reached = [role for role in roles if role.level <= level]
    top = max((role.level for role in reached), default=0)
    return reached if stack else [role for role in reached if role.level == top]


def bar(done: int, whole: int, cells: int = 10) -> str:
    """Full only when everything is done."""
    full = done * cells // whole
    return FULL * full + EMPTY * (cells - full)


def permille(done: int, whole: int) -> int:
    """The part of a bar to draw; a thousand only when everything is done."""
    return done * 1000 // whole
