"""How much members may give, which members, and with which reaction."""

from datetime import timedelta
from typing import Annotated

from bot.economy.tips import tips
from bot.economy.tips.rules import is_emoji
from bot.kit import Check, Duration, Range

Limit = Annotated[int, Range(0, 1_000_000)]

#: the most that one member gives in a day
DAILY = tips.setting("daily", Limit, 100)
#: the most that one member gives in an hour
HOURLY = tips.setting("hourly", Limit, 0)
#: the most that one member gives another in a day
PAIR = tips.setting("pair", Limit, 50)
#: the most that one member receives in a day, from all members
RECEIVED = tips.setting("received", Limit, 0)
#: how recently both must have taken part; 0 turns this off
ACTIVE = tips.setting("active", Annotated[Duration, Range(0, 90 * 86_400)], timedelta(0))
#: the reaction that gives points; empty for none
EMOJI = tips.setting("emoji", Annotated[str, Range(0, 64), Check(is_emoji)], "")
EMOJI_AMOUNT = tips.setting("emoji_amount", Annotated[int, Range(1, 1000)], 1)
