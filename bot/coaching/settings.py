"""Whether first questions are coached."""

from bot.coaching import coaching

FIRST = coaching.setting("first", bool, True)
