"""Points: members earn them by taking part, and a ledger explains each of them; levels, boards and tips build on it."""

from bot.kit import Capability

points = Capability("points")
