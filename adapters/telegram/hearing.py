"""Takes Telegram's updates into the core, with what Telegram says at that moment about the people in them."""

import asyncio
import json
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import structlog
from telegram import Bot
from telegram.error import TelegramError

from adapters.telegram.effects import Effects
from adapters.telegram.events import Json, Reader, name_of
from adapters.telegram.pace import Pace
from adapters.telegram.people import PLATFORM, press_cause
from adapters.telegram.reading import Haste, read
from adapters.telegram.rights import Rights
from adapters.telegram.uploads import FETCHING, fetched
from bot.core.core import Core
from bot.kit import Access, Reply
from bot.kit.access import Standing, standing_in
from bot.kit.events import CommandGiven, Event, Unrecognised
from bot.kit.invocation import Invocation
from bot.kit.references import STAFF

log = structlog.get_logger(__name__)

#: how many events Telegram is asked about at once, and how many presses are answered at once
ABREAST, PRESSES = 16, 4
#: seconds that all chats wait for questions about each: first for the staff, then for the authors of commands; more
#: than one question takes at most, and short enough for those who wait
MEETING, VOUCHING = 4.0, 9.0
#: seconds for an answer to a stranger, so that few of them are in hand
PATIENCE = 20.0


class Ears:
    def __init__(self, core: Core, bot: Bot, effects: Effects, pace: Pace) -> None:
        self._core = core
        self._bot = bot
        self._effects = effects
        self._pace = pace
        self.reader = Reader(frozenset(name.split()[0] for name in core.house.commands))
        self.rights = Rights(bot)
        self._fetching = Haste(FETCHING)
        self._asking, self._answering = asyncio.Semaphore(ABREAST), asyncio.Semaphore(PRESSES)
        self._in_hand: set[asyncio.Task[Any]] = set()
        #: by cause, the text to show when we answer the press
        self._asides: dict[str, str] = {}

    async def again(self, raw: str) -> Sequence[Event]:
        """Read again what was set aside; ask Telegram again for the rights of members who gave a command."""
        return [await self._vouched(event) for event in self.reader.read(json.loads(raw), self._core.clock.now())]

    async def finish(self) -> None:
        """Finish what is in hand."""
        while self._in_hand:
            await asyncio.wait(self._in_hand)

    async def take(self, updates: Sequence[Json]) -> bool:
        """Absorb the updates before it returns; a cancelled caller does not interrupt it."""
        if updates:
            taking = self._core.care.through(updates, _cause, self._absorb, self._set_aside)
            await asyncio.shield(self._hold(taking))
        for update in updates:
            with suppress(KeyError, TypeError):  # no press, or one that was set aside
                query = update["callback_query"]["id"]
                self._hold(self._answer(query, self._asides.pop(press_cause(query), "")))
        return True

    async def _absorb(self, updates: Sequence[Json]) -> None:
        self.reader.expect_moves(updates)
        now = self._core.clock.now()
        self.rights.expect_changes(updates)
        events = [event for update in updates for event in self.reader.read(update, now, await self._so_far(update))]
        await self._meet_staff(events)
        introduced = self._core.admit([self._introduce(event) for event in events])
        given = await asyncio.gather(*(self._vouched(event) for event in introduced))
        absorbed = await self._core.absorb(given)
        for event in given:
            if isinstance(event, CommandGiven) and (reply := absorbed.replies.get(event.cause)):
                self._reply(event.invocation, reply)

    async def _so_far(self, update: Json) -> str | None:
        """The command line that this update completes, if we asked its author for the rest."""
        answering = self.reader.answering(update)
        return await self._core.continued(*answering) if answering else None

    async def _set_aside(self, update: Json) -> None:
        at, raw = self._core.clock.now(), json.dumps(update)
        await self._core.set_aside(Unrecognised(cause=_cause(update), at=at, platform=PLATFORM, raw=raw))

    async def _meet_staff(self, events: Sequence[Event]) -> None:
        """Ask for the staff of all chats at once, so that new chats delay nobody for long."""
        roots = {event.spot.root for event in events if event.who and event.spot}
        with suppress(TimeoutError):  # they are asked about with the next updates
            async with asyncio.timeout(MEETING):
                await asyncio.gather(*(self._staff_of(root.id) for root in roots if root.kind != "dm"))

    async def _staff_of(self, chat: str) -> None:
        async with self._asking:
            await self.rights.staff(chat)

    def _introduce(self, event: Event) -> Event:
        """Tell whether the author is staff: Telegram has no other roles."""
        if event.who is None or event.spot is None or event.spot.root.kind == "dm":
            return event
        staff = self.rights.known_staff(event.spot.root.id)
        if staff is None:
            return event
        who = replace(event.who, roles=frozenset({STAFF} if event.who.id in staff else ()))
        if isinstance(event, CommandGiven):
            return CommandGiven.of(replace(event.invocation, author=who))
        return replace(event, who=who)

    async def _vouched(self, event: Event) -> Event:
        """Add the author's rights; several events at once, so that nobody waits for all the others, nor for long."""
        if not isinstance(event, CommandGiven):
            return event
        try:
            async with asyncio.timeout(VOUCHING), self._asking:
                return await self._fetch(await self._vouch(event))
        except TimeoutError:
            log.warning("too much to ask at once", cause=event.cause)
            return replace(event, invocation=replace(event.invocation, standing=Standing(access=Access.UNKNOWN)))

    async def _vouch(self, event: CommandGiven) -> CommandGiven:
        given = event.invocation
        if given.anonymous:
            return event
        private = given.spot.root.kind == "dm"
        standing = await (self._standing_in_private(given) if private else self._standing_here(given))
        return replace(event, invocation=replace(given, standing=standing))

    async def _standing_here(self, given: Invocation) -> Standing:
        """Rights if the command needs any; else whether they are a member, since outsiders may press or write too."""
        chat, user, needs = given.spot.root.id, given.author.id, self._core.needs(given)
        if needs < Access.MEMBER:
            return Standing()
        asked = self.rights.of if needs > Access.MEMBER else self.rights.inside
        return Standing(access=await asked(chat, user))

    async def _standing_in_private(self, given: Invocation) -> Standing:
        """Their rights in the chats of the community the command is about, which is decided here."""
        seat = await self._core.seat(given)
        if seat is None:
            return Standing(access=None)
        told = [Standing(access=await self.rights.of(chat, given.author.id)) for chat in seat.chats]
        return standing_in(seat.community, told)

    def _reply(self, given: Invocation, reply: Reply | str) -> None:
        """Reply at the press in a group; in private only strangers get such replies, and only a few of them."""
        if isinstance(reply, Reply) and given.spot.root.kind != "dm":
            self._asides[given.cause] = reply.plain
        elif self._pace.admits_stranger(time.monotonic()):
            self._hold(self._tell_stranger(given, reply))

    async def _tell_stranger(self, given: Invocation, reply: Reply | str) -> None:
        """Say it directly, not as a promise; if the community is decided, they can continue from it."""
        said = self._core.aside(given, reply) if isinstance(reply, str) else reply
        try:
            async with asyncio.timeout(PATIENCE):
                said = await self._core.studio.finish(said)
                receipt = await self._effects.say(int(given.spot.root.id), said)
                if receipt.cause and given.standing.community is not None:
                    await self._core.keep_said(receipt.cause, given.author, given.standing.community, said)
        except Exception as error:  # noqa: BLE001 - nothing is owed to them, and they can ask again
            log.info("stranger not told", error=type(error).__name__)

    async def _fetch(self, event: CommandGiven) -> CommandGiven:
        """Fetch the file here, since the core has no network."""
        given = await fetched(self._bot, self._fetching, self._core.find(event.invocation), event.invocation)
        return replace(event, invocation=given)

    async def _answer(self, query: str, aside: str) -> None:
        """Answer the press, or the button would keep spinning."""
        try:
            async with self._answering:
                await read(self._bot.answer_callback_query(query, aside or None, show_alert=bool(aside)))
        except TelegramError as error:
            log.info("press not answered", error=type(error).__name__)

    def _hold(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)
        return task


def _cause(update: Json) -> str:
    """The cause of the raw update, different from those of the events in it."""
    return f"{PLATFORM}:raw:{name_of(update)}"
