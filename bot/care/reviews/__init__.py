"""Reviews: people look at what was reported and decide it, with reasons, and anew when its author objects."""

from bot.kit import Capability

reviews = Capability("reviews")
