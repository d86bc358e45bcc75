"""Speaks Discord: its gateway, its interactions and its HTTP API, through discord.py."""
