"""From when on giving each other points is worth a look."""

from typing import Annotated

from bot.economy.rings import rings
from bot.kit import Range

#: what one must have had from another in the time looked at, a point a day; 0 to look for none
AMOUNT = rings.setting("amount", Annotated[int, Range(0, 1_000_000)], 30)
#: percent of what each of them was given that must come from the others; friends have other admirers too
SHARE = rings.setting("share", Annotated[int, Range(1, 100)], 60)
