"""A watched process whose event loop hangs in one way or another; its log says what was noticed."""

import asyncio
import re
import sys
import time
import unicodedata

from bot.host.watch import Watch


def compute(until: float) -> None:
    said = "a member's words"
    while time.monotonic() < until:
        said = said[::-1]


def match() -> None:
    re.search(r"(?:a+)+$", "a" * 40 + "!")


def normalize() -> None:
    """Looks for no signal, and lets no other code run."""
    unicodedata.normalize("NFC", "a" + "\u0315" * 500_000 + "\u0316" * 500_000)


async def main(way: str, tell: float, end: float) -> None:
    watching = asyncio.create_task(Watch(tell=tell, end=end).keep())
    await asyncio.sleep(0.1)
    match way:
        case "computes":
            compute(time.monotonic() + tell * 3)
            await asyncio.sleep(tell)
        case "matches":
            match()
        case "normalizes":
            normalize()
        case "idles":
            await asyncio.sleep(tell * 3)
    watching.cancel()
    sys.stdout.write("ended by itself\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
