"""Rings: members who give each other points in a circle, shown to staff with the evidence and never punished."""

from bot.kit import Capability

rings = Capability("rings")
