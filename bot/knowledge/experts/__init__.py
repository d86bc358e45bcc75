"""Experts: who answers what well, and wants to be asked when nobody else answers."""

from bot.kit import Capability

experts = Capability("experts")
