"""Roles as rewards: why they are held, what came of giving them, and when they end; giving is left to others."""

from bot.kit import Capability

rewards = Capability("rewards")
