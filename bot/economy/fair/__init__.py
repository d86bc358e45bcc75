"""Fairness: how much one member can bring another, so that no arrangement between a few accounts pays."""

from bot.kit import Capability

fair = Capability("fair")
