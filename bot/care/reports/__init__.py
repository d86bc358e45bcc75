"""Reports: members point at what should be looked at, and object when something of theirs was found wanting."""

from bot.kit.capability import Capability

reports = Capability("reports")
