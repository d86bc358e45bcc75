"""The archive: what was asked and answered, found by whoever wonders the same."""

from bot.kit import Capability

archive = Capability("archive")
