"""Tips: members give each other some of their own points."""

from bot.kit import Capability

tips = Capability("tips")
