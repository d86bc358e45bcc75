"""Attendance: who was there when members met, and points for it."""

from bot.capability import Capability

attendance = Capability("attendance")
