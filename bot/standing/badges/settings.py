"""Whether badges are earned, how many members are founders, and where badges are announced."""

from typing import Annotated

from bot.kit import Range
from bot.standing.badges import badges
from models.communities import Place

#: members earn the badges of the code; if off, only administrators give badges
EARNED = badges.setting("earned", bool, True)
#: how many of the first members are founders
FOUNDERS = badges.setting("founders", Annotated[int, Range(0, 1000)], 50)
#: where badges are announced; without it, only to the member
ANNOUNCE = badges.setting("announce", Place, None)
