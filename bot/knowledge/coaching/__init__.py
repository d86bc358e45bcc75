"""Coaching: whoever asks for the first time learns in private what makes a question easy to answer."""

from bot.kit import Capability

coaching = Capability("coaching")
