"""Runs each peer in an environment of its own; its program under peers/ awards the points."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent

_folder = TemporaryDirectory(prefix="hearth-peers-")


class Missing(Exception):
    """A peer that cannot be measured here, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    name: str
    program: str
    #: messages in progress at once; a busy channel does not wait for the bot
    at_once: int = 20
    #: packages to install; none if it needs only what Hearth needs
    packages: tuple[str, ...] = ()
    python: str = sys.executable

    def speed(self, size: int, *, seconds: float) -> float:
        """Events a second."""
        python = _furnished(self.python, self.packages) if self.packages else self.python
        with TemporaryDirectory(prefix="hearth-peer-") as folder:
            program = [python, "-m", f"bench.peers.{self.program}"]
            return float(_run([*program, folder, str(size), str(seconds), str(self.at_once)]).split()[-1])


PEERS = (
    Peer(name="an aiosqlite upsert and commit after another", program="tutorial", at_once=1),
    Peer(name="the same, 200 at once", program="tutorial", at_once=200),
    Peer(name="discordLevelingSystem", program="leveling", packages=("discordLevelingSystem==1.2.1",)),
    Peer(
        name="discordSuperUtils",
        program="superutils",
        # The versions its release was written for: it imports neither beside later ones nor on a later Python.
        packages=("discordSuperUtils==0.3.0", "discord.py<2", "wavelink<1"),
        python="python3.10",
    ),
    Peer(name="Red-DiscordBot's Config", program="red", packages=("Red-DiscordBot>=3.5,<3.6",), python="python3.11"),
)


@cache
def _furnished(python: str, packages: tuple[str, ...]) -> str:
    """The Python of a virtual environment with these packages; it is removed when the bench ends."""
    place = Path(_folder.name) / packages[0]
    inside = str(place / "bin" / "python")
    try:
        _run([python, "-m", "venv", str(place)])
    except Missing as missing:
        raise Missing(f"there is no {python} here") from missing
    _run([inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
    return inside


def _run(program: Sequence[str]) -> str:
    try:
        return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300).stdout
    except subprocess.CalledProcessError as error:
        said = [line.strip() for line in error.stderr.splitlines() if line.strip()]
        raise Missing(said[-1] if said else str(error)) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(str(error)) from error
