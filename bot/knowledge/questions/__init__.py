"""Questions: asked where people chat, answered by whoever knows, and found by the next who wonders."""

from bot.kit import Capability

questions = Capability("questions")
