"""Points: earned by taking part, kept in a ledger that explains itself; levels, boards and tips build on them."""

from bot.kit import Capability

points = Capability("points")
