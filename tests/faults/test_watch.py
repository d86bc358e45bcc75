"""A hanging event loop is noticed, and a process that does not come back is ended; each in a real process."""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[2]


def stand(way: str, tell: float, end: float) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.faults.standing", way, str(tell), str(end)]
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False, timeout=60)


def test_a_stall_is_told_once_with_where_and_how_long() -> None:
    """With file, line and function, but no data; and when it is over, with its length."""
    ended = stand("computes", 0.5, 20)

    assert ended.returncode == 0
    assert len(re.findall("event loop stands still", ended.stdout)) == 1
    assert re.search(r"standing\.py:\d+ compute", ended.stdout)
    assert re.search(r"event loop goes on +.*stood=.*[1-3]\.\d", ended.stdout)
    assert "member" not in ended.stdout + ended.stderr


def test_an_expression_that_hangs_ends_the_process() -> None:
    """Although it holds the interpreter: the place is logged, and a supervisor sees the exit code."""
    ended = stand("matches", 0.4, 1.5)

    assert ended.returncode == 70
    assert "event loop does not come back" in ended.stdout
    assert re.search(r"standing\.py:\d+ match", ended.stdout)
    assert "aaaa" not in ended.stdout + ended.stderr


def test_what_looks_for_no_signal_ends_all_the_same() -> None:
    """By the interpreter's own thread, which writes the place to standard error."""
    ended = stand("normalizes", 0.4, 1)

    assert ended.returncode == 1
    assert "in normalize" in ended.stderr
    assert "ended by itself" not in ended.stdout


def test_a_loop_that_only_waits_is_left_alone() -> None:
    """Nothing is logged."""
    ended = stand("idles", 0.3, 0.6)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended by itself\n", "")
