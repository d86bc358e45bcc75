"""Whether first questions are coached."""

from bot.knowledge.coaching import coaching

FIRST = coaching.setting("first", bool, True)
