"""Measures how long `hearth` takes to be ready and how much memory it holds then, beside its libraries alone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from bench.frame import Figure, Scale, at_most, bench
from bench.houses import filled

MEMBERS = 1_000
ROOT = Path(__file__).parent.parent
#: modules of the worker, or of nobody: the bot's own process never loads them
ABSENT = {"sklearn", "matplotlib", "sqlalchemy", "scipy", "pandas"}
#: no real secrets: no platform is asked for anything before it is served
TOKENS = {"HEARTH_DISCORD__TOKEN": "bench", "HEARTH_TELEGRAM__TOKEN": "1:bench"}


def start(*store: Path) -> tuple[float, float, set[str]]:
    """Seconds to be ready, MiB then, and the modules loaded."""
    began = perf_counter()
    program = [sys.executable, "-m", "bench.started", *map(str, store)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | TOKENS) as process:
        line = process.stdout.readline() if process.stdout else ""
        took = perf_counter() - began
    told = json.loads(line)
    return took, told["mebibytes"], set(told["modules"])


@bench("starting", runs=7)
async def starting(_: Scale) -> list[Figure]:
    ours, memory, modules = start(await filled(MEMBERS))
    libraries, library_memory, _modules = start()
    against = "importing discord.py and telegram.ext"
    return [
        Figure(what="start to ready", ours=ours, unit="s", beside=libraries, against=against, aim=at_most(1.3)),
        Figure(
            what="memory when ready", ours=memory, unit="MiB", beside=library_memory, against=against, aim=at_most(1.3)
        ),
        Figure(
            what=f"of {', '.join(sorted(ABSENT))} loaded",
            ours=len(modules & ABSENT),
            unit="",
            aim=at_most(0, of="ours"),
        ),
    ]
