"""How many points attending is worth."""

from typing import Annotated

from bot.economy.attendance import attendance
from bot.kit import Range

POINTS = attendance.setting("points", Annotated[int, Range(0, 1000)], 10)
