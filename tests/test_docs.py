"""What is documented is true: commands exist, transcripts are what Hearth says, every key is shown."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from adapters.console.acts import parse
from adapters.console.client import Console
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host import config
from bot.host.cli import cli
from bot.host.registry import open_house
from bot.kit import Access
from models.engines import open_store
from models.migrate import migrate

HERE = Path(__file__).parent.parent
EXAMPLES = HERE / "docs" / "examples"
PAGES = [HERE / "README.md", HERE / "CONTRIBUTING.md", *sorted((HERE / "docs").glob("*.md"))]
NOW = "2026-03-01T12:00:00"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def hearth(*words: str | Path, cwd: Path, text: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bot", *map(str, words)]
    return subprocess.run(
        command,
        cwd=cwd,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": str(HERE)},
    )


def test_every_key_of_the_configuration_is_in_the_example() -> None:
    """config.example.toml shows each key with its default, keys without one as a comment, and no others."""
    text = (HERE / "config.example.toml").read_text(encoding="utf-8")
    shown = tomllib.loads(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE))
    found = {f"{section}.{key}": value for section, keys in shown.items() for key, value in keys.items()}

    assert set(found) == set(config.keys())
    for key, default in config.keys().items():
        if default is not None and not hasattr(default, "get_secret_value"):
            written = [str(each) for each in default] if isinstance(default, tuple) else default
            assert str(written).rstrip("/") == str(found[key]).rstrip("/"), key


def test_the_example_is_accepted_once_tokens_are_filled_in(tmp_path: Path) -> None:
    """To copy the example and add tokens is all there is to do."""
    text = (HERE / "config.example.toml").read_text(encoding="utf-8").replace('token = ""', 'token = "1:a"')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")

    assert config.load(tmp_path / "config.toml").platforms == ("discord", "telegram")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_shown_exist(page: Path) -> None:
    """Every `hearth …` and `make …` of the documentation can be typed."""
    shown = page.read_text(encoding="utf-8")
    commands = typer.main.get_group(cli).commands
    targets = re.findall(r"^(\w+):", (HERE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    for name in re.findall(r"(?:^|`)hearth (\w+)", shown, re.MULTILINE):
        assert name in commands
    for target in re.findall(r"(?:^|`)make (\w+)", shown, re.MULTILINE):
        assert target in targets


@pytest.mark.parametrize("page", [HERE / "README.md", HERE / "CHANGELOG.md"], ids=lambda page: page.name)
def test_commands_of_the_chat_exist(page: Path) -> None:
    """Every `/command` that a page names can be given, each of `/levels role|unrole` too."""
    known = {word for name in open_house().commands for word in (name, name.split()[0])}
    for name, verbs in re.findall(r"`/(\w+)(?: ([a-z]+(?:\|[a-z]+)*))?[^`]*`", page.read_text(encoding="utf-8")):
        assert name in known, name
        for verb in filter(None, verbs.split("|")):
            assert name in open_house().commands or f"{name} {verb}" in known, f"{name} {verb}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A page links only to files that exist."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_files_named_in_the_architecture_are_there() -> None:
    """Each file of the walk through the code exists."""
    for name in re.findall(r"`((?:bot|models|adapters)/[\w/]+\.py)`", (HERE / "docs/architecture.md").read_text()):
        assert (HERE / name).is_file(), name


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize("script", sorted(EXAMPLES.glob("*.txt")), ids=lambda script: script.stem)
def test_an_example_reproduces_its_transcript(
    script: Path, engine: str, postgres_url: Callable[[], str], tmp_path: Path
) -> None:
    """Beside each example is what it prints, on either engine."""
    store = f"sqlite:///{tmp_path}/talk.db" if engine == "sqlite" else postgres_url()
    done = hearth("console", "--store", store, "--script", script, "--now", NOW, cwd=tmp_path)

    assert done.stderr == ""
    assert done.stdout == script.with_suffix(".out").read_text(encoding="utf-8")


async def test_the_first_conversation_goes_as_the_readme_says(tmp_path: Path) -> None:
    """A newcomer gets exactly what they read there."""
    (conversation,) = blocks(HERE / "README.md", "console")
    store = await open_store(f"sqlite:///{tmp_path}/talk.db")
    await migrate(store)
    core = Core(
        store, open_house(), HandClock(round(datetime.fromisoformat(NOW).replace(tzinfo=UTC).timestamp() * 1000))
    )
    said: list[str] = []
    console = Console(core, said.append)
    console.scene.ranks["you"] = Access.ADMIN
    core.plug(console)

    for line in conversation.splitlines():
        if not line.startswith(("→", "  ")):
            said.append(line)
            await console.act(parse(line))
    await store.close()

    assert "\n".join(said) == conversation.rstrip()


def test_a_first_command_in_ten_minutes(tmp_path: Path) -> None:
    """A reader who follows CONTRIBUTING step by step gets a command that passes its story on every platform."""
    for name in ("adapters", "bot", "migrations", "models", "tests", "pyproject.toml", "config.example.toml"):
        copy = shutil.copytree if (HERE / name).is_dir() else shutil.copy
        copy(HERE / name, tmp_path / name)
    page = HERE / "CONTRIBUTING.md"
    for block in [*blocks(page, "python"), *blocks(page, "toml")]:
        follow(block, tmp_path)

    tests = ["tests/stories/test_greet.py", "tests/test_catalogue.py"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=110)

    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def follow(block: str, checkout: Path) -> None:
    """Do what the first line of a block says: create a file, append to one, or insert after its first line."""
    head, body = block.split("\n", 1)
    deed, name = head.removeprefix("# ").split(": ")
    file = checkout / name
    file.parent.mkdir(exist_ok=True)
    if deed == "file":
        file.write_text(body, encoding="utf-8")
    elif deed == "append":
        file.write_text(f"{file.read_text(encoding='utf-8')}\n{body}", encoding="utf-8")
    else:
        line = body.split("\n", 1)[0]
        file.write_text(file.read_text(encoding="utf-8").replace(f"{line}\n", body), encoding="utf-8")


def test_every_proof_that_is_named_exists() -> None:
    """Each test that docs/threats.md names exists."""
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (HERE / "docs" / "threats.md").read_text(encoding="utf-8"))

    assert len(named) > 80
    for file, test in named:
        text = (HERE / file).read_text(encoding="utf-8")
        assert not test or re.search(rf"^(?:async )?def {test}\(", text, re.MULTILINE), f"{file}::{test}"
