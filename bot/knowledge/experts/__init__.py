"""Experts: who answers what well, and wants to be asked when nobody else answers."""

from bot.kit.capability import Capability

experts = Capability("experts")
