"""Runs a community in a terminal: for a newcomer's first conversation, and for transcripts."""
