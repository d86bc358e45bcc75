"""The connection to the server: takes lines in and confirms them once they are stored; sends requests."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.core import Core
from bot.host.config import Config
from bot.kit import Reply
from bot.kit.errors import Later, Unknown, Unservable
from bot.kit.events import CommandGiven, Event
from bot.kit.invocation import Invocation
from bot.kit.platform import Abilities, Delivery, Endpoint, Receipt

from .config import Section
from .effects import request
from .events import PLATFORM, Json, cause_of, event, invocation, standing
from .replies import wire

#: seconds that a question to the server may take
PATIENCE = 10.0


def open(core: Core, config: Config) -> "LinePlatform":  # noqa: A001 - the door every adapter has
    return LinePlatform(core, config.of(Section))


class LinePlatform:
    name = PLATFORM
    abilities = Abilities(private_replies=True, roles=False, history=False, keyed=True)

    def __init__(self, core: Core, section: Section) -> None:
        self._core = core
        self._section = section
        self._writer: asyncio.StreamWriter | None = None
        self._asked: dict[str, asyncio.Future[Json]] = {}
        self._taking: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        try:
            reader, self._writer = await asyncio.open_connection(self._section.host, self._section.port)
        except OSError as error:
            raise Unservable(PLATFORM, f"{self._section.host} does not answer: {error.strerror}") from None
        self._send({"token": self._section.secret})
        while line := await reader.readline():
            try:
                told = json.loads(line)
            except ValueError:
                continue  # it concerns itself alone
            if "key" in told:
                if answered := self._asked.pop(told["key"], None):
                    answered.set_result(told)
                continue
            task = asyncio.create_task(self._take(told))
            self._taking.add(task)
            task.add_done_callback(self._taking.discard)

    async def _take(self, told: Json) -> None:
        """A line that is not stored is not confirmed, and comes again."""
        taken = await self._meant(told)
        absorbed = await self._core.absorb([taken])
        for cause, reply in absorbed.replies.items():
            if isinstance(reply, Reply):
                name = told["who"]
                await self._ask(
                    wire(reply) | {"do": "say", "room": told["room"], "only": name, "replaces": None}, cause
                )
        self._send({"received": told["id"]})

    async def _meant(self, told: Json) -> Event:
        if told["does"] == "presses":
            return await self._command(told, invocation(told, told["line"]))
        if told["does"] != "says":
            return event(told)
        if told["text"].startswith("/"):
            return await self._command(told, invocation(told, told["text"]))
        replied = told.get("answers")
        line = await self._core.continued(cause_of(replied["id"]), told["who"]) if replied else None
        return await self._command(told, invocation(told, f"{line} {told['text']}")) if line else event(told)

    async def _command(self, told: Json, asked: Invocation) -> CommandGiven:
        """In private the core says which community is meant, and the server what the member may do there."""
        if asked.spot.kind == "dm" and (seat := await self._core.seat(asked)):
            asked = replace(asked, standing=standing(told, seat.community))
        return CommandGiven.of(asked)

    async def perform(self, delivery: Delivery) -> Receipt:
        told = await self._ask(request(delivery), delivery.key)
        message = told.get("message")
        return Receipt(message=message, cause=cause_of(message) if message else None)

    async def _ask(self, what: dict[str, Any], key: str) -> Json:
        self._asked[key] = asyncio.get_running_loop().create_future()
        self._send(what | {"key": key})
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._asked[key]
        except TimeoutError:
            self._asked.pop(key, None)
            raise Unknown from None

    def _send(self, what: Json) -> None:
        if self._writer is None:
            raise Later(1.0)
        self._writer.write(json.dumps(what).encode() + b"\n")

    async def stop(self) -> None:
        if self._taking:
            await asyncio.wait(self._taking)
        if self._writer:
            self._writer.close()

    async def close(self) -> None:
        """The connection was closed when taking stopped."""

    async def read(self, raw: str) -> Sequence[Event]:
        """No event of it was ever unreadable."""
        del raw
        return ()

    def endpoints(self) -> Sequence[Endpoint]:
        return ()

    async def check(self) -> Sequence[tuple[bool, str]]:
        return ()

    def health(self) -> Mapping[str, bool | int | str]:
        return {"ok": self._writer is not None}
