"""Multipliers: points earned in a place, or by a member with a role, count more, less, or not at all."""

from bot.kit import Capability

multipliers = Capability("multipliers")
