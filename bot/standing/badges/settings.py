"""Whether badges are earned, how many members are founders, and where it is told."""

from typing import Annotated

from bot.kit import Range
from bot.standing.badges import badges
from models.communities import Place

#: those of the code are earned; without it administrators alone give badges
EARNED = badges.setting("earned", bool, True)
#: the first so many members
FOUNDERS = badges.setting("founders", Annotated[int, Range(0, 1000)], 50)
#: where it is told; the member alone when there is none
ANNOUNCE = badges.setting("announce", Place, None)
