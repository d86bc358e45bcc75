"""From which amounts on we look for rings."""

from typing import Annotated

from bot.economy.rings import rings
from bot.kit import Range

#: what a member must have received from another in that time, a point a day; 0 turns rings off
AMOUNT = rings.setting("amount", Annotated[int, Range(0, 1_000_000)], 30)
#: percent of all gifts to each member that must come from the others; friends receive gifts from other people too
SHARE = rings.setting("share", Annotated[int, Range(1, 100)], 60)
