"""How much may be given, by whom, and with which reaction."""

from datetime import timedelta
from typing import Annotated

from bot.economy.tips import tips
from bot.economy.tips.rules import is_emoji
from bot.kit import Check, Duration, Range

Limit = Annotated[int, Range(0, 1_000_000)]

#: what one member gives in a day
DAILY = tips.setting("daily", Limit, 100)
#: what one member gives in an hour
HOURLY = tips.setting("hourly", Limit, 0)
#: what one member gives another in a day
PAIR = tips.setting("pair", Limit, 50)
#: what one member is given in a day, by whomever
RECEIVED = tips.setting("received", Limit, 0)
#: how long a member must have been known here
MIN_DAYS = tips.setting("min_days", Annotated[Duration, Range(0, 366 * 86_400)], timedelta(days=3))
#: how lately both sides must have taken part; nothing where that does not matter
ACTIVE = tips.setting("active", Annotated[Duration, Range(0, 90 * 86_400)], timedelta(0))
#: the reaction that gives; none while it is empty
EMOJI = tips.setting("emoji", Annotated[str, Range(0, 64), Check(is_emoji)], "")
EMOJI_AMOUNT = tips.setting("emoji_amount", Annotated[int, Range(1, 1000)], 1)
