"""Levels: how far a member has come, on a curve the community chooses."""

from bot.kit.capability import Capability

levels = Capability("levels")
