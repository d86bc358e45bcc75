"""Attendance: who was at a meeting, and points for it."""

from bot.kit import Capability

attendance = Capability("attendance")
