"""Attendance: who was there when members met, and points for it."""

from bot.kit.capability import Capability

attendance = Capability("attendance")
