"""Shopkeeping: what the shop sells, and what becomes of orders."""

from bot.kit import Capability

shopkeeping = Capability("shopkeeping")
