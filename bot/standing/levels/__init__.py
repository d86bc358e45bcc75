"""Levels: how far a member has come, on a curve the community chooses."""

from bot.kit import Capability

levels = Capability("levels")
