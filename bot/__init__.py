"""Decides: what members may ask, what follows from what happened, and what is owed. It knows no platform."""

__version__ = "0.1.0"
