"""How points become levels, what levels bring, where that is told, and how cards look."""

from typing import Annotated

from bot import setting
from bot.levels import levels
from bot.levels.rules import PRESETS, Curve, Shape, polynomial
from bot.options import Check, Range
from bot.replies import Theme
from bot.work import Work
from models import settings
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


async def shape_of(work: Work) -> Shape:
    stored = await settings.get_all(work.tx, work.community)
    curve: Curve = setting.decode(CURVE.option, stored.get(CURVE.key))
    return PRESETS.get(curve) or polynomial(setting.decode(POLYNOMIAL.option, stored.get(POLYNOMIAL.key)))
