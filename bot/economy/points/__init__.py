"""Points: earned by taking part, kept in a ledger that explains itself; levels, boards and tips build on them."""

from bot.kit.capability import Capability

points = Capability("points")
