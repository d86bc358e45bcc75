"""Streaks: days in a row on which a member took part, each day ending at midnight where the member lives."""

from bot.kit import Capability

streaks = Capability("streaks")
