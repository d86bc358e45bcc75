"""Servers on localhost that speak the platforms' own protocols; what the bot does with them is left to the tests."""
