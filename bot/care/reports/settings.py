"""How much one member may report."""

from typing import Annotated

from bot.care.reports import reports
from bot.kit import Range

#: reports of one member in a day
DAILY = reports.setting("daily", Annotated[int, Range(1, 100)], 10)
