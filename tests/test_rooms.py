"""The rules for the rooms of bot/: which modules are where, and by which doors one capability reaches another."""

import ast
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.host.registry import NAMES, open_house
from tests.sources import tree

HERE = Path(__file__).parent.parent
WINGS = {"community", "economy", "standing", "knowledge", "care"}
ROOMS = {"host", "core", "kit"} | WINGS
#: what a capability does for others, shows them, decides and lets administrators configure
OPEN_DOORS = {"acts", "views", "rules", "settings"}
#: where something begins: because somebody asked, something happened, or the clock struck
BEGINNINGS = {"commands", "listeners", "jobs"}
#: doors that change nothing
UNCHANGING = {"views": "what is shown", "rules": "what is decided"}
#: what several capabilities of a wing share
COMMON = {"economy": {"pots"}}
#: the only modules that import by name: they load adapters and capabilities
BY_NAME = {"bot/host/adapters.py", "bot/host/registry.py"}


def faults(house: Path) -> Iterator[str]:
    """Each break of a rule, one line each."""
    bot = house / "bot"
    yield from (f"{each}: no room" for each in _names(bot) - ROOMS - {"__init__", "__main__", "locales"})
    for wing in sorted(WINGS):
        known = {name.partition(".")[2] for name in NAMES if name.startswith(f"{wing}.")}
        strange = _names(bot / wing) - known - COMMON.get(wing, set()) - {"__init__"}
        yield from (f"{wing}.{each}: neither a capability of the house nor common to them" for each in strange)
        for capability in sorted(known):
            doors = _names(bot / wing / capability) - {"__init__"}
            yield from (f"{wing}.{capability}.{each}: no door" for each in doors - OPEN_DOORS - BEGINNINGS)
    for file in sorted(bot.rglob("*.py")):
        where = file.relative_to(house).as_posix()
        for name in _imports(house, file):
            if wrong := _trespass(where, name):
                yield f"{where}: {wrong}"


def _names(folder: Path) -> set[str]:
    """Names of modules, and of folders that have any: empty folders of an older version do not count."""
    return {each.stem for each in folder.iterdir() if each.suffix == ".py" or any(each.glob("**/*.py"))}


def _imports(house: Path, file: Path) -> Iterator[str]:
    """Modules by their full names, and names in modules where there is no such module."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(file.relative_to(house).with_suffix("").parts[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield "import_module"


def _trespass(where: str, name: str) -> str | None:
    """What is wrong with this import in this file, or None."""
    here, there = where.removesuffix(".py").split("/"), name.split(".")
    if name.endswith("import_module"):
        return None if where in BY_NAME else "imports by name"
    if there[0] != "bot" or len(there) < 3 or there[1] not in WINGS:
        return None
    wing, capability = there[1:3]
    own = here[1:3] == [wing, capability]
    if capability in COMMON.get(wing, set()):
        return None if here[1] == wing else f"{name} is for {wing} alone"
    if len(there) > 3 and there[3] in BEGINNINGS:
        return f"{name} is where something begins"
    if not own and (len(there) < 4 or there[3] not in OPEN_DOORS):
        return f"{name} is no open door"
    if len(there) > 3 and there[3] == "acts" and here[-1] in UNCHANGING:
        return f"{UNCHANGING[here[-1]]} changes nothing"
    return None


def test_everything_stands_in_its_room() -> None:
    """A reader who knows one capability finds the way in every other."""
    assert list(faults(HERE)) == []


def test_no_command_is_declared_twice() -> None:
    """The later one would take the place of the other without a word."""
    declared = Counter(each.name for capability in open_house().capabilities for each in capability.commands)

    assert [name for name, times in declared.items() if times > 1] == []


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("bot/purse.py", "", "purse: no room"),
        ("bot/economy/purse.py", "", "economy.purse: neither a capability of the house nor common to them"),
        ("bot/economy/tips/helpers.py", "", "economy.tips.helpers: no door"),
        ("bot/economy/tips/more/__init__.py", "", "economy.tips.more: no door"),
        ("bot/care/reports/jobs.py", "from bot.economy import pots", "bot.economy.pots is for economy alone"),
        ("bot/economy/tips/jobs.py", "from bot.economy.tips.commands import tip", "is where something begins"),
        (
            "bot/economy/tips/jobs.py",
            "from bot.economy.points import jobs",
            "points.jobs is where something begins",
        ),
        (
            "bot/economy/tips/jobs.py",
            "from bot.economy.points import points",
            "points.points is no open door",
        ),
        ("bot/core/rules.py", "import bot.knowledge.answers", "bot.knowledge.answers is no open door"),
        ("bot/economy/tips/views.py", "from bot.economy.tips.acts import give", "what is shown changes nothing"),
        ("bot/economy/tips/views.py", "from . import acts", "what is shown changes nothing"),
        ("bot/economy/tips/views.py", "from ..points import acts", "what is shown changes nothing"),
        ("bot/economy/tips/rules.py", "from bot.economy.tips.acts import give", "what is decided changes nothing"),
        ("bot/economy/tips/jobs.py", "from .commands import tip", "is where something begins"),
        ("bot/host/other.py", 'import_module("adapters.discord.client")', "bot/host/other.py: imports by name"),
        ("bot/host/other.py", 'x = __import__("adapters.discord.client")', "bot/host/other.py: imports by name"),
        ("bot/host/other.py", "from importlib import import_module as load", "bot/host/other.py: imports by name"),
    ],
)
def test_the_law_notices(tmp_path: Path, file: str, text: str, fault: str) -> None:
    """Each fault is found in a copy of the house."""
    shutil.copytree(HERE / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    target = tmp_path / file
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")

    found = list(faults(tmp_path))

    assert len(found) == 1
    assert fault in found[0]


#: one broken import for each contract, by its file
BROKEN = {
    "models/numbers.py": "from bot.kit import errors",
    "bot/kit/errors.py": "from bot.core import clock",
    "adapters/console/replies.py": "from adapters.web import pages",
    "adapters/telegram/pace.py": "from models import members",
    "bot/core/clock.py": "import numpy",
    "adapters/worker/card.py": "from bot.kit import markup",
    "bot/core/metrics.py": "import discord",
}


def test_each_contract_notices(tmp_path: Path) -> None:
    """`make check` proves what it says: a copy of the house with one broken import for each contract breaks each."""
    for room in ("adapters", "bot", "models"):
        shutil.copytree(HERE / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "pyproject.toml", tmp_path)
    for file, text in BROKEN.items():
        target = tmp_path / file
        target.write_text(target.read_text(encoding="utf-8") + text, encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=110
    )

    assert f"Contracts: 0 kept, {len(BROKEN)} broken." in done.stdout, done.stdout
