"""Reports: members point at what should be looked at, and object when something of theirs was found wanting."""

from bot.kit import Capability

reports = Capability("reports")
