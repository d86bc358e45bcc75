"""Proofs of what Hearth promises: each folder asks in its own way."""
