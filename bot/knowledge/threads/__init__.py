"""Threads: what members say about a question where it was asked, which answers it or comments on it."""

from bot.kit import Capability

threads = Capability("threads")
