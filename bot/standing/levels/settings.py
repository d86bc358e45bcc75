"""How points become levels, what levels bring, where that is told, and how cards look."""

from typing import Annotated

from bot.kit import Check, Range, Work
from bot.kit.replies import Theme
from bot.standing.levels import levels
from bot.standing.levels.rules import PRESETS, Curve, Shape, polynomial
from models.communities import Place

CURVE = levels.setting("curve", Curve, Curve.LINEAR)
#: for the curve `custom`
POLYNOMIAL = levels.setting("polynomial", Annotated[str, Range(1, 100), Check(polynomial)], "5 50 100")
#: the roles of lower levels are kept
STACK = levels.setting("stack", bool, True)
#: where new levels are told; nowhere when there is none
PLACE = levels.setting("place", Place, None)
#: tell the member alone
PRIVATE = levels.setting("private", bool, False)
#: the ground that cards are drawn on
CARD = levels.setting("card", Theme, Theme.DARK)

#: which of them change what everybody's level is, or what it brings
RULES = frozenset({CURVE.key, POLYNOMIAL.key, STACK.key})


def shape_of(work: Work) -> Shape:
    return PRESETS.get(work.setting(CURVE)) or polynomial(work.setting(POLYNOMIAL))
