"""Hearth with a listener that some words kill: at once, or by an expression that never ends."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from bot.host import logs
from bot.host.app import App, open_core
from bot.host.config import load
from bot.host.watch import Watch
from bot.kit import Capability, Work
from bot.kit.events import MessagePosted

deadly = Capability("deadly")


@deadly.listener(MessagePosted)
async def read(work: Work, event: MessagePosted) -> None:
    del work
    if event.text == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if event.text == "hang":
        re.search(r"(?:a+)+$", "a" * 40 + "!")


async def main(file: Path) -> None:
    config = load(file)
    logs.set_up(config.log.level, config.log.format, config.secrets)
    async with open_core(config) as (core, holding):
        core.house.listeners[MessagePosted] += tuple(deadly.listeners)
        await App(core, holding, config, Watch(tell=0.4, end=1.2)).run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
