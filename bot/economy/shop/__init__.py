"""The shop: roles for a time and whatever else staff sell, for points."""

from bot.kit import Capability

shop = Capability("shop")
