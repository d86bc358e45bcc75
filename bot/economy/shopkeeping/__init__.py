"""Shopkeeping: staff decide what the shop sells, and serve orders."""

from bot.kit import Capability

shopkeeping = Capability("shopkeeping")
