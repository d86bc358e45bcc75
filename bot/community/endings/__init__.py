"""Endings: staff let go on what waits because the clock would end too much of it at once."""

from bot.kit import Capability

endings = Capability("endings")
