"""Attendance: who was there when members met, and points for it."""

from bot.kit import Capability

attendance = Capability("attendance")
