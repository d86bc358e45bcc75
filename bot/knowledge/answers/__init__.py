"""Answers: members give them, everybody votes on them, the asker accepts them."""

from bot.kit import Capability

answers = Capability("answers")
