"""Answers: given by whoever knows, judged by everybody, accepted by whoever asked."""

from bot.kit.capability import Capability

answers = Capability("answers")
