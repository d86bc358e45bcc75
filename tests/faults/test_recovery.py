"""Killed with replies in the air: the next process answers everybody at once, and waits for no lease of the dead."""

import asyncio
import math
import time
from pathlib import Path

from tests.faults.process import hearth
from tests.servers.telegram import TelegramServer

#: far below a lease, and far above what it takes on a busy machine
SOON = 20.0
PEOPLE = 8


def configured(url: str, telegram: TelegramServer) -> str:
    return f"""
[store]
url = "{url}"
[telegram]
token = "{telegram.token}"
api_url = "{telegram.api_url}"
[web]
port = 0
"""


async def test_what_was_in_the_air_at_a_kill_comes_at_once(tmp_path: Path) -> None:
    """Telegram had not answered when the process was killed: the next one sends it within seconds."""
    async with TelegramServer() as telegram:
        config = configured(f"sqlite:///{tmp_path}/hearth.db", telegram)
        group = telegram.group("Hearth")
        people = [telegram.user(f"p{number}") for number in range(PEOPLE)]
        for person in people:
            group.add(person)
        hanging = telegram.fault("sendMessage", hang=True, times=math.inf)
        async with hearth(tmp_path, config, "first") as first:
            await first.says(r"telegram greeted")
            for person in people:
                await person.says(group, "hello")
                await person.says(person.private, "/ping")
            await telegram.settled(20)
            async with asyncio.timeout(20):
                while not any(call.method.lower() == "sendmessage" for call in telegram.calls):
                    await asyncio.sleep(0.05)
            first.process.kill()
            await first.process.wait()
            hanging.times = 0
            async with hearth(tmp_path, config, "second") as second:
                await second.says(r"telegram greeted")
                began = time.monotonic()
                for person in people:
                    await telegram.heard(person, "I am here.", timeout=SOON)
                took = time.monotonic() - began

    assert took < SOON
