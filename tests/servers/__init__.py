"""Servers on localhost that speak the platforms' own protocols; the tests decide what the bot does with them."""
