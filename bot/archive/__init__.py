"""The archive: what was asked and answered, found by whoever wonders the same."""

from bot.capability import Capability

archive = Capability("archive")
