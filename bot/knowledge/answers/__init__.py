"""Answers: given by whoever knows, judged by everybody, accepted by whoever asked."""

from bot.kit import Capability

answers = Capability("answers")
