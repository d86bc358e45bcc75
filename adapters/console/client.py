"""Serves the console as a platform: takes acts, shows effects; acts.py has its grammar, replies.py its looks."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from adapters.console.acts import Act, Misstep, Passes, Ranks, Speaks
from adapters.console.effects import Shown, answer, perform
from adapters.console.events import Stamp, translate
from adapters.console.replies import file_name
from adapters.console.scene import Order, Scene, cause_of
from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host.config import Config
from bot.kit import Access, Refusal, Reply
from bot.kit.events import Event, Said
from bot.kit.invocation import Invocation
from bot.kit.options import Kind, Option, read_duration
from bot.kit.platform import Abilities, Delivery, Endpoint, Receipt

Write = Callable[[str], None]

#: counts how often a console was opened on this database, so that no run repeats the causes of another
RUNS = "console.runs"


def to_terminal(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def open(core: Core, config: Config) -> "Console":  # noqa: A001 - the door every adapter has
    del config
    return Console(core)


class Console:
    name = "console"
    abilities = Abilities(private_replies=True, roles=True, history=False, keyed=True)

    def __init__(self, core: Core, write: Write = to_terminal, images: Path | None = None) -> None:
        self.core = core
        self.scene = Scene()
        self._write = write
        self._images = images
        self._run = ""
        self._numbers = count(1)
        self._act = 0
        #: one act at a time, with all that follows from it
        self._turn = asyncio.Lock()
        self._kept: dict[str, Receipt] = {}
        #: what to show, in order: the outbox performs several promises at once, and a transcript has one order
        self._shown: list[tuple[Order, Shown]] = []
        self._stopped = asyncio.Event()

    async def act(self, act: Act) -> None:
        """Do it, and show it and everything that follows from it now; a Misstep changes nothing."""
        async with self._turn:
            self._act += 1
            try:
                await self._do(act)
                await self.core.settle()
            finally:
                self._show()

    async def settle(self) -> None:
        """Show what has fallen due by the clock."""
        async with self._turn:
            self._act += 1
            try:
                await self.core.settle()
            finally:
                self._show()

    async def _do(self, act: Act) -> None:
        match act:
            case Passes(time=time):
                await self._pass(time)
            case Ranks(who=who, rank=rank):
                self.scene.rank(who, Access[rank.upper()])
            case Speaks(who=who, language=language):
                self.scene.speak(who, language)
            case _:
                await self._bring(translate(act, self.scene, await self._stamp()))

    async def _bring(self, what: Event | Invocation) -> None:
        if not isinstance(what, Invocation):
            await self.core.absorb([what])
            self.scene.witness(what, self._order())
            return
        ranked = what.standing.access is not None
        if ranked and what.spot.kind == "dm" and (seat := await self.core.seat(what)):
            what = replace(what, standing=replace(what.standing, community=seat.community))
        reply = await self.core.invoke(what)
        self.scene.names.add(what.author.name)
        order, number = self._order(), what.cause.rpartition(":")[2]
        pressed = what.message if what.pressed else None
        shown = answer(self.scene, reply, what.author.name, what.spot, order=order, id=number, pressed=pressed)
        self._shown.append((order, shown))
        if shown.message and (reply.private or what.spot.kind == "dm") and (seat := await self.core.seat(what)):
            await self.core.keep_said(cause_of(shown.message), what.author, seat.community, reply)
        if reply.subject and shown.message and not reply.private:
            cause, at = cause_of(shown.message), self.core.clock.now()
            said = Said(cause=cause, at=at, spot=what.spot, subject=reply.subject, message=shown.message)
            await self.core.absorb([said])

    async def _pass(self, time: str) -> None:
        clock = self.core.clock
        if not isinstance(clock, HandClock):
            raise Misstep("this clock is the machine's own; begin at a time of your choice to move it by hand")
        try:
            step = read_duration(Option(name="clock", kind=Kind.DURATION), time)
        except Refusal:
            raise Misstep(f"not a duration such as 3d12h: {time}") from None
        await self.core.pass_time(clock, clock.now() + round(step.total_seconds() * 1000))

    async def _stamp(self) -> Stamp:
        if not self._run:
            self._run = str(int(await self.core.recall(RUNS) or 0) + 1)
            await self.core.remember(RUNS, self._run)
        return Stamp(number=f"{self._run}.{next(self._numbers)}", at=self.core.clock.now())

    def _order(self, promise: int = 0) -> Order:
        return self._act, self.core.clock.now(), promise

    def _show(self) -> None:
        for _, shown in sorted(self._shown, key=lambda entry: entry[0]):
            if shown.text:
                self._write(shown.text)
            if shown.reply:
                self._keep(shown.reply)
        self._shown.clear()

    def _keep(self, reply: Reply) -> None:
        """Keep pictures and documents in the named folder."""
        kept = [(reply.picture.name, reply.picture.png)] if reply.picture else []
        if reply.document:
            kept.append((reply.document.name, reply.document.content))
        if self._images and kept:
            self._images.mkdir(parents=True, exist_ok=True)
            for name, content in kept:
                (self._images / file_name(name)).write_bytes(content)

    async def perform(self, delivery: Delivery) -> Receipt:
        if delivery.key not in self._kept:
            order = self._order(int(delivery.key))
            shown = perform(self.scene, delivery, order)
            self._shown.append((order, shown))
            cause = cause_of(shown.message) if shown.message else None
            self._kept[delivery.key] = Receipt(message=shown.message, cause=cause)
        return self._kept[delivery.key]

    async def serve(self) -> None:
        """Do nothing: the person at the console or the script brings the acts."""
        await self._stopped.wait()

    async def stop(self) -> None:
        self._stopped.set()

    async def close(self) -> None:
        """Do nothing: there is nothing to release."""

    async def read(self, raw: str) -> Sequence[Event]:
        """A console never has unreadable events."""
        del raw
        return ()

    def endpoints(self) -> Sequence[Endpoint]:
        return ()

    async def check(self) -> Sequence[tuple[bool, str]]:
        return ()

    def health(self) -> Mapping[str, bool | int | str]:
        return {"ok": not self._stopped.is_set()}
