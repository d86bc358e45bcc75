"""Failures: what listeners stumbled over in a community, for its administrators to see and to try again."""

from bot.kit import Capability

failures = Capability("failures")
