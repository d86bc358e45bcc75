"""`python -m bench [names…] [--quick]`: measure, print the table, and keep it under bench/results/."""

import asyncio
import gc
import json
import platform
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bench.frame import BENCHES, Figure, Line, Scale, summarise
from bot.host.app import COLLECT_AFTER

RESULTS = Path(__file__).with_name("results")
MODULES = (
    "absorbing",
    "stalling",
    "sharing",
    "awarding",
    "ranking",
    "finding",
    "answering",
    "talking",
    "libraries",
    "starting",
)
HEAD = ("figure", "ours", "beside", "ratio (lowest to highest)", "aim", "reached")


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Which to measure; all when left out.")] = None,
    *,
    quick: Annotated[bool, typer.Option(help="Small and once: to see that they work, not how fast.")] = False,
) -> None:
    for module in MODULES:
        import_module(f"bench.{module}")
    if unknown := set(names or ()) - set(BENCHES):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: there are {', '.join(BENCHES)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    lines: list[Line] = []
    for name in names or BENCHES:
        lines += _measure(name, Scale(quick=quick))
    print(_table(lines))
    _keep(lines)


def _measure(name: str, scale: Scale) -> list[Line]:
    """Measure in a process that collects garbage as the house does."""
    declared = BENCHES[name]
    runs: list[Sequence[Figure]] = []
    gc.set_threshold(COLLECT_AFTER, 50, 50)
    for number in range(scale.of(declared.runs, 1)):
        print(f"{name}, run {number + 1}", file=sys.stderr)
        gc.collect()
        gc.freeze()
        runs.append(asyncio.run(declared.measure(scale)))
    return summarise(runs)


def _table(lines: Sequence[Line]) -> str:
    rows = [HEAD, tuple("---" for _ in HEAD), *map(_cells, lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(line: Line) -> tuple[str, ...]:
    figure = line.figure
    ratio = f"{line.ratio:.2f} ({line.lowest:.2f} to {line.highest:.2f})" if line.ratio else ""
    return (
        figure.what,
        f"{_short(line.ours)} {figure.unit}",
        f"{_short(line.beside)} {figure.unit}: {figure.against}" if line.beside is not None else figure.against,
        ratio,
        str(figure.aim or ""),
        {True: "yes", False: "**no**", None: ""}[line.reached],
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _keep(lines: Sequence[Line]) -> None:
    now = datetime.now(tz=UTC)
    kept = {
        "at": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "machine": platform.machine(),
        "lines": [asdict(line) | {"reached": line.reached} for line in lines],
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{now:%Y-%m-%d}.json").write_text(json.dumps(kept, indent=2, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
