"""Carries events and commands from a platform to the capabilities, and the effects back to the platform."""
