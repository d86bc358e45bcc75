"""What being there is worth."""

from typing import Annotated

from bot.attendance import attendance
from bot.options import Range

POINTS = attendance.setting("points", Annotated[int, Range(0, 1000)], 10)
