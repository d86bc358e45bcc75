"""How much one member may report."""

from typing import Annotated

from bot.options import Range
from bot.reports import reports

#: in a day
DAILY = reports.setting("daily", Annotated[int, Range(1, 100)], 10)
