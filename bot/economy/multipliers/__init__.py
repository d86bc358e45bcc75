"""Multipliers: what is earned in a place, or by whoever holds a role, counts more, less, or not at all."""

from bot.kit import Capability

multipliers = Capability("multipliers")
