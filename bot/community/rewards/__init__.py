"""Roles as rewards: why members hold them, whether the grant worked, and when they end; others decide who gets them."""

from bot.kit import Capability

rewards = Capability("rewards")
