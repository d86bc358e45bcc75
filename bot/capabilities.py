"""Which capabilities this house has: packages with the same doors; importing a door declares what is behind it."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from bot.capability import Capability, House

#: in the order in which they listen
NAMES = (
    "community",
    "settings",
    "endings",
    "activity",
    "points",
    "multipliers",
    "streaks",
    "rewards",
    "levels",
    "boards",
    "badges",
    "certificates",
    "tips",
    "thanks",
    "rings",
    "shop",
    "shopkeeping",
    "raffles",
    "attendance",
    "questions",
    "answers",
    "archive",
    "tables",
    "contests",
    "bounties",
    "threads",
    "experts",
    "coaching",
    "failures",
    "reports",
    "reviews",
)
DOORS = ("settings", "commands", "listeners", "jobs")


def open_house(names: Sequence[str] = NAMES) -> House:
    capabilities: list[Capability] = []
    for name in names:
        package = f"bot.{name}"
        for door in DOORS:
            if find_spec(f"{package}.{door}"):
                import_module(f"{package}.{door}")
        capabilities.append(getattr(import_module(package), name))
    return House.of(capabilities)
