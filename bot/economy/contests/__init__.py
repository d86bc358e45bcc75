"""Contests: members hand something in, and others say whose is best."""

from bot.kit import Capability

contests = Capability("contests")
