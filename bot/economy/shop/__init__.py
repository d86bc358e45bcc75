"""The shop: members pay points for roles, for a time or for good, and for other things that staff sell."""

from bot.kit import Capability

shop = Capability("shop")
