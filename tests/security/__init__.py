"""Attacks, each at the wire where it was found, and the code that resists it."""
