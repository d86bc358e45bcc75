"""The queue of updates on their way to the bot, polled or pushed; it never reads an update."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp

Json = dict[str, Any]

#: Seconds that our bot needs at most for what it does at once, on a busy machine.
SOON = 10.0
#: Kinds that a bot gets only when it asks for them by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class BotApiError(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class Bell:
    """Wakes all waiting tasks, from code that cannot wait itself."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def ring(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, deadline: float) -> bool:
        """Whether it rang before the deadline of the loop's clock."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                return await self._next.wait()
        return False


@dataclass(slots=True, kw_only=True)
class Webhook:
    url: str
    secret_token: str | None = None
    max_connections: int = 40
    ip_address: str | None = None
    has_certificate: bool = False
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass(slots=True)
class Pending:
    update: Json
    is_raw: bool = False


@dataclass(slots=True, kw_only=True)
class Feed:
    #: Called with each validated update when it leaves for the bot.
    on_delivery: Callable[[Json], None]
    next_id: int
    retry_after: float = 0.05
    pending: list[Pending] = field(default_factory=list)
    #: The last update that the bot confirmed; 0 before any.
    confirmed: int = 0
    allowed: frozenset[str] | None = None
    webhook: Webhook | None = None
    bell: Bell = field(default_factory=Bell)
    _latest_poll: int = 0
    _delivery: asyncio.Task[None] | None = None

    def asks_for(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST

    def allow(self, kinds: Sequence[str] | None) -> None:
        """None keeps the kinds asked for before; an empty list restores the defaults."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def add(self, kind: str, fact: Json) -> None:
        if self.asks_for(kind):
            self.add_update({kind: fact})

    def add_update(self, update: Json, *, is_raw: bool = False) -> int:
        numbered = {"update_id": self.next_id, **update}
        self.next_id = int(numbered["update_id"]) + 1
        self.pending.append(Pending(numbered, is_raw))
        self.bell.ring()
        return int(numbered["update_id"])

    async def poll(self, *, offset: int, limit: int, seconds: float) -> list[Json]:
        if self.webhook:
            text = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise BotApiError(409, f"Conflict: {text}")
        self._confirm_below(offset)
        self._latest_poll += 1
        this, deadline = self._latest_poll, asyncio.get_running_loop().time() + seconds
        self.bell.ring()
        while not (ready := [one for one in self.pending if one.update["update_id"] >= offset]):
            if not await self.bell.wait(deadline):
                break
            if this != self._latest_poll:
                text = "terminated by other getUpdates request; make sure that only one bot instance is running"
                raise BotApiError(409, f"Conflict: {text}")
        return [self._leaving(one) for one in ready[:limit]]

    def _confirm_below(self, offset: int) -> None:
        if offset < 0:  # counted from the end, everything before it is forgotten
            dropped, self.pending = self.pending[:offset], self.pending[offset:]
        else:
            dropped = [one for one in self.pending if one.update["update_id"] < offset]
            self.pending = [one for one in self.pending if one not in dropped]
        if dropped:
            self.confirmed = dropped[-1].update["update_id"]

    def _leaving(self, one: Pending) -> Json:
        if not one.is_raw:
            self.on_delivery(one.update)
        return one.update

    async def set_webhook(self, webhook: Webhook | None) -> None:
        if self._delivery:
            self._delivery.cancel()
            await asyncio.wait([self._delivery])
        self.webhook = webhook
        self._delivery = asyncio.create_task(self._deliver(webhook)) if webhook else None

    async def _deliver(self, webhook: Webhook) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret_token} if webhook.secret_token else {}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=60)) as session:
            while True:
                if not self.pending:
                    await self.bell.wait(asyncio.get_running_loop().time() + 60)
                elif trouble := await self._post(session, webhook.url, self.pending[0]):
                    webhook.last_error_date, webhook.last_error_message = int(time.time()), trouble
                    await asyncio.sleep(self.retry_after)
                else:
                    self.confirmed = self.pending.pop(0).update["update_id"]
                    self.bell.ring()

    async def _post(self, session: aiohttp.ClientSession, url: str, one: Pending) -> str | None:
        try:
            async with session.post(url, json=self._leaving(one)) as response:
                return None if response.ok else f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"{type(error).__name__}"

    async def until_confirmed(self, update_id: int, timeout: float) -> None:
        deadline = asyncio.get_running_loop().time() + timeout
        while any(one.update["update_id"] == update_id for one in self.pending):
            if not await self.bell.wait(deadline):
                raise TimeoutError(f"update {update_id} was not confirmed within {timeout} s")
