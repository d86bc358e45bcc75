"""Speaks Telegram: uses the library's Bot and types, with polling, pacing and confirming of our own."""
