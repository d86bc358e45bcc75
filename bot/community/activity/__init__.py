"""Activity: who was where and when, counted per member and day; what it is worth is for others to say."""

from bot.kit import Capability

activity = Capability("activity")
