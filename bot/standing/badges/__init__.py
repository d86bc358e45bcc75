"""Badges: what members are known for, earned by what they did or given by administrators."""

from bot.kit import Capability

badges = Capability("badges")
