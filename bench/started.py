"""Makes a house ready in a process of its own and reports its memory; starting.py measures the time.

`python -m bench.started <database>` does everything that `hearth run` does before it serves; without a database it
only imports the platforms' libraries.
"""

import json
import resource
import sys
from pathlib import Path


def mebibytes() -> float:
    """The memory in use now; where no file tells it, the highest so far."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * resource.getpagesize() / 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def tell() -> None:
    modules = sorted(name for name in sys.modules if "." not in name)
    print(json.dumps({"mebibytes": mebibytes(), "modules": modules}), flush=True)


async def ready(path: str) -> None:
    from bot.host import config, logs  # noqa: PLC0415 - its import is part of what is measured
    from bot.host.app import open_adapter, open_core  # noqa: PLC0415 - as above

    loaded = config.load(None, f"sqlite:///{path}")
    logs.set_up(loaded.log.level, loaded.log.format, loaded.secrets)
    async with open_core(loaded) as (core, _):
        for name in loaded.platforms:
            core.plug(open_adapter(name, core, loaded))
        open_adapter("web", core, loaded)
        tell()


if len(sys.argv) > 1:
    import asyncio

    import bot.host.cli  # noqa: F401 - as above

    asyncio.run(ready(sys.argv[1]))
else:
    import discord  # noqa: F401 - as above
    import telegram.ext  # noqa: F401 - as above

    tell()
