"""Coaching: a member who asks for the first time learns in private how to make a question easy to answer."""

from bot.kit import Capability

coaching = Capability("coaching")
