"""Speaks Telegram: the library's Bot and types, and polling, pacing and confirming of our own."""
