"""Experts: members who answer well and agree to be asked when nobody else answers."""

from bot.kit import Capability

experts = Capability("experts")
