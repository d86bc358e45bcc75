"""Activity: who was where and when, counted per member and day; other capabilities decide what it is worth."""

from bot.kit import Capability

activity = Capability("activity")
