"""Reports: members report what staff should see, and appeal when they are warned or something of theirs is removed."""

from bot.kit import Capability

reports = Capability("reports")
