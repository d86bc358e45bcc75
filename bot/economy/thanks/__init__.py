"""Thanks: members thank each other in words, and the member who is thanked gets points."""

from bot.kit import Capability

thanks = Capability("thanks")
