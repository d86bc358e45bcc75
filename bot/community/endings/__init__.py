"""Endings: when the clock would end too much at once, it waits until staff allow it."""

from bot.kit import Capability

endings = Capability("endings")
