"""All settings: admins look at them, change them, and change them back."""

from bot.kit import Capability

settings = Capability("settings")
