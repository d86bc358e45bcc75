"""Streaks: days in a row on which a member took part; each day ends at midnight in the member's time zone."""

from bot.kit import Capability

streaks = Capability("streaks")
