"""Raffles: seats for points, and a draw that anybody can check."""

from bot.kit import Capability

raffles = Capability("raffles")
