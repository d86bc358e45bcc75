"""A Hearth in its own process, started as an operator starts it."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.discord import DiscordServer
from tests.servers.telegram import TelegramServer

HERE = Path(__file__).parents[2]
WEBHOOK_SECRET = "a-secret-nobody-else-knows"


@dataclass(slots=True)
class Running:
    """A Hearth in its own process, and its output so far."""

    process: asyncio.subprocess.Process
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    async def says(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        async with asyncio.timeout(seconds):
            while not (found := re.search(pattern, self.said)):
                assert self.process.returncode is None, self.said
                await asyncio.sleep(0.02)
        return found


@asynccontextmanager
async def hearth(
    folder: Path, config: str, name: str = "hearth", start: Sequence[str] = ("bot", "run", "--config")
) -> AsyncIterator[Running]:
    file, log = folder / f"{name}.toml", folder / f"{name}.log"
    file.write_text(config, encoding="utf-8")
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *start, str(file)),
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(HERE)},
            stdout=out,
            stderr=out,
        )
    try:
        yield Running(process, log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def configured(store: Path | str, discord: DiscordServer, telegram: TelegramServer) -> str:
    """Configured with this store, or with a file in this folder."""
    url = f"sqlite:///{store}/hearth.db" if isinstance(store, Path) else store
    return f"""
[store]
url = "{url}"
[discord]
token = "{discord.token}"
api_url = "{discord.api_url}"
gateway_url = "{discord.gateway_url}"
[telegram]
token = "{telegram.token}"
api_url = "{telegram.api_url}"
webhook_secret = "{WEBHOOK_SECRET}"
[web]
port = 0
[log]
level = "debug"
"""
