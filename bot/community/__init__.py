"""The community itself: help, languages, settings, and what staff must know."""

from bot.capability import Capability

community = Capability("community")
