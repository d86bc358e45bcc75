"""Attacks, each at the wire where it was found, and the doors that hold against it."""
