"""Tips: points that members give each other out of their own."""

from bot.kit import Capability

tips = Capability("tips")
