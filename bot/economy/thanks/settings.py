"""What a thanks is worth, and how many of one member count."""

from typing import Annotated

from bot.economy.thanks import thanks
from bot.kit import Range

Often = Annotated[int, Range(0, 1000)]

#: 0 for nothing: then no message is looked at
POINTS = thanks.setting("points", Annotated[int, Range(0, 1000)], 2, words=True)
#: how many thanks of one member count in an hour and in a day; 0 for any number
HOURLY = thanks.setting("hourly", Often, 5, words=True)
DAILY = thanks.setting("daily", Often, 10, words=True)
