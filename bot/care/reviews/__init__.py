"""Reviews: people look at reports and decide them, with reasons, and again when the author appeals."""

from bot.kit import Capability

reviews = Capability("reviews")
