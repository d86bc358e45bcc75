"""Which curve leads from points to levels."""

from bot.levels import levels
from bot.levels.rules import Curve

CURVE = levels.setting("curve", Curve, Curve.LINEAR)
