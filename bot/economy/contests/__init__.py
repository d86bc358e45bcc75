"""Contests: members submit entries, and others vote for the best."""

from bot.kit import Capability

contests = Capability("contests")
