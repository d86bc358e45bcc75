"""Badges: members earn them by what they do, or administrators give them."""

from bot.kit import Capability

badges = Capability("badges")
