"""Spans of time in milliseconds, as every moment is stored."""

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
