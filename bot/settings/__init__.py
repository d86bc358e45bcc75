"""Every setting there is: looked at, changed, and changed back."""

from bot.capability import Capability

settings = Capability("settings")
