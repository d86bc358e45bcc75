"""Discord: its gateway, its interactions and its HTTP API, spoken through discord.py."""
