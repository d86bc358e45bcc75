"""A process that works until it is killed: absorbs, answers and keeps promises, and says what it has committed.

Each line on standard output is an acknowledgement: `event <cause>`, `command <cause>`, `performed <key>`; or, where
the store was busy, `put-off <cause>`, which must then not have been done.
"""

import asyncio
import os
import random
import sys
import traceback

from bot.core import incarnation
from bot.core.clock import SystemClock
from bot.core.core import Core
from bot.host.lease import Holding
from bot.kit.capability import House
from bot.kit.events import Event
from bot.kit.platform import Delivery, Receipt
from models.engines import open_store
from tests.bot.recorder import ANN, BOB, CAT, Recorder, posted, reacted, typed, unreacted
from tests.faults.ledger import house_of_faults, words

PEOPLE = [ANN, BOB, CAT]
BUSY = "I am busy just now. Please try again in a moment."


def acknowledge(*words_: str) -> None:
    os.write(1, f"{' '.join(words_)}\n".encode())  # one write, so that a kill leaves no half line of it


class Telling(Recorder):
    async def perform(self, delivery: Delivery) -> Receipt:
        receipt = await Recorder.perform(self, delivery)
        acknowledge("performed", delivery.key)
        return receipt


async def absorb(core: Core, round_: str, dice: random.Random) -> None:
    number = 0
    while True:
        events: list[Event] = []
        for _ in range(dice.randrange(1, 8)):
            number += 1
            who = dice.choice(PEOPLE)
            now = core.clock.now()
            events.append(posted(f"{round_}.{number}", who, at=now, about=f"{round_}.{dice.randrange(1, number + 1)}"))
            events += [dice.choice([reacted, unreacted])(dice.randrange(9), dice.choice(PEOPLE), at=now)]
        await core.absorb(events)
        for event in events:
            if not event.undoes and event.kind == "message":
                acknowledge("event", event.cause)


async def command(core: Core, round_: str, part: int) -> None:
    number = 0
    while True:
        number += 1
        cause = f"asked:{round_}.{part}.{number}"
        reply = await core.invoke(typed(f"/pay {number}", PEOPLE[part % 3], cause=cause, at=core.clock.now()))
        if reply.plain == BUSY:
            acknowledge("put-off", cause)
            continue
        if reply.plain != f"Paid {number}.":
            raise AssertionError(reply.plain)
        acknowledge("command", cause)


async def main(url: str, round_: str) -> None:
    store = await open_store(url)
    clock = SystemClock()
    core = Core(store, House.of(house_of_faults()), clock, words())
    core.plug(Telling())
    await Holding(store, clock, incarnation.me()).take()
    acknowledge("ready")
    await asyncio.gather(
        core.outbox.run(),
        absorb(core, round_, random.Random(round_)),
        *(command(core, round_, part) for part in range(4)),
    )


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:3]))
    finally:
        traceback.print_exc()
        os._exit(1)  # the store's threads would keep the process alive
