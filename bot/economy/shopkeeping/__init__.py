"""Shopkeeping: what the shop sells, and what becomes of orders."""

from bot.kit.capability import Capability

shopkeeping = Capability("shopkeeping")
