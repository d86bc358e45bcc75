"""How much taking part is worth, and how much of it counts."""

from datetime import timedelta
from typing import Annotated

from bot.economy.points import points
from bot.economy.points.rules import Rates
from bot.kit import BulkWork, Duration, Range

Worth = Annotated[int, Range(0, 1000)]

MESSAGE = points.setting("message", Worth, 1)
REPLY = points.setting("reply", Worth, 2)
POST = points.setting("post", Worth, 5)
REACTION = points.setting("reaction", Worth, 1)
VOICE = points.setting("voice", Worth, 1)
STREAK = points.setting("streak", Worth, 2)
COOLDOWN = points.setting("cooldown", Annotated[Duration, Range(0, 86_400)], timedelta(seconds=60))
DAILY_CAP = points.setting("daily_cap", Annotated[int, Range(0, 1_000_000)], 200)
MIN_LENGTH = points.setting("min_length", Annotated[int, Range(0, 4000)], 3, words=True)
EXPIRY = points.setting("expiry", Annotated[Duration, Range(0, 3_650 * 86_400)], timedelta(0))
TELL_ABOVE = points.setting("tell_above", Annotated[int, Range(1, 1_000_000)], 5)
EXPIRY_WARNING = points.setting("expiry_warning", Annotated[Duration, Range(86_400, 90 * 86_400)], timedelta(days=7))
#: 0 turns it off
SIMILARITY = points.setting("similarity", Annotated[int, Range(0, 100)], 90, words=True)
WEIGHT = points.setting("weight", Annotated[int, Range(0, 1000)], 100)


def rates_of(work: BulkWork) -> Rates:
    value = work.setting
    return Rates(
        message=value(MESSAGE),
        reply=value(REPLY),
        post=value(POST),
        reaction=value(REACTION),
        voice=value(VOICE),
        streak=value(STREAK),
        cooldown=round(value(COOLDOWN).total_seconds() * 1000),
        daily_cap=value(DAILY_CAP),
        min_length=value(MIN_LENGTH),
        similarity=value(SIMILARITY),
        weight=value(WEIGHT),
    )
