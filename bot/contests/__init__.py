"""Contests: members hand something in, and others say whose is best."""

from bot.capability import Capability

contests = Capability("contests")
