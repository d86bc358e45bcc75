"""Lets a peer award points for a while and prints its events a second; the peer defines an award.

`python -m bench.peers.<peer> <folder> <members> <seconds> <at once>`
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random
from time import perf_counter

GUILD = 1
FIRST_MEMBER = 100_000_000_000_000_000

Award = Callable[[int], Awaitable[None]]
#: makes, from a folder and the numbers of its known members, a function that awards one of them for one message
Peer = Callable[[Path, range], AbstractAsyncContextManager[Award]]


@dataclass(frozen=True, slots=True)
class Guild:
    id: int = GUILD


HERE = Guild()


@dataclass(frozen=True, slots=True)
class Author:
    id: int
    guild: Guild = HERE
    bot: bool = False

    def __str__(self) -> str:
        return f"member {self.id}"


def run(peer: Peer) -> None:
    folder, size, seconds, at_once = sys.argv[1:]
    members = range(FIRST_MEMBER, FIRST_MEMBER + int(size))
    print(asyncio.run(_speed(peer(Path(folder), members), members, float(seconds), int(at_once))))


async def _speed(peer: AbstractAsyncContextManager[Award], members: range, seconds: float, at_once: int) -> float:
    """So many messages in progress, each of another member; the next ones start when these are done."""
    writers = cycle(Random(1).sample(members, len(members)))
    async with peer as award:
        awarded = 0
        began = perf_counter()
        while (took := perf_counter() - began) < seconds:
            await asyncio.gather(*(award(member) for member in islice(writers, at_once)))
            awarded += at_once
        return awarded / took
