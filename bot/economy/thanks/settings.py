"""How many points a thanks is worth, and how many thanks of one member count."""

from typing import Annotated

from bot.economy.thanks import thanks
from bot.kit import Range

Often = Annotated[int, Range(0, 1000)]

#: 0 for none: then no message is read
POINTS = thanks.setting("points", Annotated[int, Range(0, 1000)], 2, words=True)
#: how many thanks of one member count in an hour and in a day; 0 for no limit
HOURLY = thanks.setting("hourly", Often, 5, words=True)
DAILY = thanks.setting("daily", Often, 10, words=True)
