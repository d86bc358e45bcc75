"""The community itself: help, languages, settings, and what staff must know."""

from bot.kit import Capability

basics = Capability("community")
