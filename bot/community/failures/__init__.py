"""Failures: what listeners failed at in a community, for its administrators to see and try again."""

from bot.kit import Capability

failures = Capability("failures")
