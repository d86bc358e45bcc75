"""Contests: members hand something in, and others say whose is best."""

from bot.kit.capability import Capability

contests = Capability("contests")
