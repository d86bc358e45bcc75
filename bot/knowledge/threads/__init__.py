"""Threads: members reply to a question where it was asked, and each reply is an answer or a comment."""

from bot.kit import Capability

threads = Capability("threads")
