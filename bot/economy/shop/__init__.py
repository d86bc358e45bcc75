"""The shop: roles for a time and whatever else staff sell, for points."""

from bot.kit.capability import Capability

shop = Capability("shop")
