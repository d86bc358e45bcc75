"""Thanks: members who thank each other in words, which is worth points to whoever is thanked."""

from bot.kit import Capability

thanks = Capability("thanks")
