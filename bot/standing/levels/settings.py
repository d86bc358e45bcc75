"""How points become levels, what levels bring, where new ones are announced, and how cards look."""

from typing import Annotated

from bot.kit import Check, Range, Work
from bot.kit.replies import Theme
from bot.standing.levels import levels
from bot.standing.levels.rules import PRESETS, Curve, Shape, polynomial
from models.communities import Place

CURVE = levels.setting("curve", Curve, Curve.LINEAR)
#: for the curve `custom`
POLYNOMIAL = levels.setting("polynomial", Annotated[str, Range(1, 100), Check(polynomial)], "5 50 100")
#: members keep the roles of lower levels
STACK = levels.setting("stack", bool, True)
#: where new levels are announced; empty for nowhere
PLACE = levels.setting("place", Place, None)
#: also tell the member in private
PRIVATE = levels.setting("private", bool, False)
#: the background of the cards
CARD = levels.setting("card", Theme, Theme.DARK)

#: settings that change members' levels, or what levels bring
RULES = frozenset({CURVE.key, POLYNOMIAL.key, STACK.key})


def shape_of(work: Work) -> Shape:
    return PRESETS.get(work.setting(CURVE)) or polynomial(work.setting(POLYNOMIAL))
