"""Conversations: the same story told in the grammars of the console, of Discord and of Telegram."""
