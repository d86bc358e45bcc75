"""Awarding points for a message with what others wrote; each program runs with its peer's own packages alone."""
