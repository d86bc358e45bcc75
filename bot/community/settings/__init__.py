"""Every setting there is: looked at, changed, and changed back."""

from bot.kit import Capability

settings = Capability("settings")
