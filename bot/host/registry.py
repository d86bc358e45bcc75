"""Lists the capabilities of this house: packages with the same modules, which declare their content when imported."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from bot.kit import Capability
from bot.kit.capability import House

#: in the order in which they listen
NAMES = (
    "community.basics",
    "community.settings",
    "community.endings",
    "community.activity",
    "economy.fair",
    "economy.points",
    "economy.multipliers",
    "economy.streaks",
    "community.rewards",
    "standing.levels",
    "standing.boards",
    "standing.badges",
    "standing.certificates",
    "economy.tips",
    "economy.thanks",
    "economy.rings",
    "economy.shop",
    "economy.shopkeeping",
    "economy.raffles",
    "economy.attendance",
    "knowledge.questions",
    "knowledge.answers",
    "knowledge.archive",
    "economy.tables",
    "economy.contests",
    "knowledge.bounties",
    "knowledge.threads",
    "knowledge.experts",
    "knowledge.coaching",
    "community.failures",
    "care.reports",
    "care.reviews",
)
DOORS = ("settings", "commands", "listeners", "jobs")


def open_house(names: Sequence[str] = NAMES) -> House:
    capabilities: list[Capability] = []
    for name in names:
        package = f"bot.{name}"
        for door in DOORS:
            if find_spec(f"{package}.{door}"):
                import_module(f"{package}.{door}")
        capabilities.append(getattr(import_module(package), name.rpartition(".")[2]))
    return House.of(capabilities)
