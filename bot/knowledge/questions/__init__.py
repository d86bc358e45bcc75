"""Questions: members ask them where they chat, others answer them, and later members find them."""

from bot.kit import Capability

questions = Capability("questions")
