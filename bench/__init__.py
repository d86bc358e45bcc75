"""Measures how fast Hearth is, beside something well known: each figure is a ratio measured within one run."""
