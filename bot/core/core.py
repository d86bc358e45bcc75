"""Puts the core together: the object that adapters and the command line use."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.core.batch import Absorbed
from bot.core.clock import Clock, HandClock
from bot.core.continuing import continued, is_undecided, message_of, sent_with
from bot.core.dispatcher import Dispatcher
from bot.core.in_hand import Care
from bot.core.invoker import Invoker
from bot.core.outbox import Outbox
from bot.core.pictures import Studio
from bot.core.schedule import Schedule
from bot.core.writable import writable
from bot.kit import Access, Choice, Reply
from bot.kit.capability import Command, House
from bot.kit.events import CommandGiven, Event
from bot.kit.invocation import Invocation, Seat
from bot.kit.platform import Platform
from bot.kit.references import Person
from bot.kit.texts import Catalogue
from bot.kit.work import Desk
from models import activity, communities, promises, remembered, sent
from models.ids import Ids
from models.store import Store


class Core:
    def __init__(
        self,
        store: Store,
        house: House,
        clock: Clock,
        catalogue: Catalogue | None = None,
        ids: Ids | None = None,
        chance: Callable[[], str] = secrets.token_hex,
    ) -> None:
        self.store = store
        self.clock = clock
        self.desk = Desk(house=house, catalogue=catalogue or Catalogue(), ids=ids or Ids(), chance=chance)
        self.platforms: dict[str, Platform] = {}
        self.care = Care(store, clock)
        self.dispatcher = Dispatcher(store, self.desk, clock, self._wake, self.care)
        self.studio = Studio()
        self.outbox = Outbox(store, self.desk, clock, self.platforms, self.dispatcher.absorb, self.studio)
        self.schedule = Schedule(store, self.desk, clock, self.care)

    def _wake(self) -> None:
        self.outbox.wake()

    @property
    def house(self) -> House:
        return self.desk.house

    @property
    def catalogue(self) -> Catalogue:
        return self.desk.catalogue

    @property
    def invoker(self) -> Invoker:
        return self.dispatcher.invoker

    def plug(self, platform: Platform, *, serving: bool = True) -> None:
        """Make a platform known; the process that serves it performs what is owed there."""
        self.platforms[platform.name] = platform
        self.able(platform)
        if serving:
            self.outbox.serving.add(platform.name)

    def able(self, platform: Platform) -> None:
        """Update what a platform can do, for example after we connect to it."""
        self.desk.abilities[platform.name] = platform.abilities

    def admit(self, events: Sequence[Event]) -> Sequence[Event]:
        """Drop commands of members who are too quick, before anything is asked or fetched for them."""
        return self.dispatcher.turnstile.admit(events)

    def paced(self, invocation: Invocation, *, suggesting: bool = False) -> Invocation:
        """Check the pace and charge for the command before anything is asked or shown: a form is work, too."""
        return replace(invocation, hasty=self.dispatcher.turnstile.wait(invocation, suggesting=suggesting))

    async def absorb(self, events: Sequence[Event]) -> Absorbed:
        return await self.dispatcher.absorb(events)

    async def set_aside(self, event: Event) -> None:
        """Keep an event unread, because it ended the process each time it was in hand."""
        await self.dispatcher.set_aside(event)

    async def invoke(self, invocation: Invocation) -> Reply:
        """The reply to a command, with its picture, once its changes are committed."""
        return await self.studio.finish(await self.dispatcher.invoke(invocation))

    async def suggest(self, invocation: Invocation, option: str) -> Sequence[Choice]:
        return await self.dispatcher.suggest(invocation, option)

    def find(self, invocation: Invocation) -> Command | None:
        return self.invoker.find(invocation)

    def needs(self, invocation: Invocation) -> Access:
        """The access the command needs, so that a platform asks for rights only when they matter."""
        command = self.find(invocation)
        if command is None:
            return Access.MEMBER
        return Access.ADMIN if command.varies else command.access

    async def seat(self, invocation: Invocation) -> Seat | None:
        """The community that a private command is about, decided here once; None when nobody knows.

        While the author has not chosen one, no chats are named, since nothing is done before they choose.
        """
        async with self.store.read() as tx:
            home = await self.dispatcher.identity.home(tx, CommandGiven.of(writable(invocation)))
            if home is None:
                return None
            undecided = await is_undecided(tx, self.desk, invocation)
            roots = () if undecided else await communities.roots(tx, home[0], invocation.author.platform)
            return Seat(community=home[0], chats=tuple(root.external_id for root in roots))

    async def continued(self, cause: str, by: str) -> str | None:
        """The command line that an account's answer completes, if the message it answers is ours and asked them."""
        async with self.store.read() as tx:
            return continued(await message_of(tx, self.desk, cause), by, self.clock.now())

    async def was_said(self, cause: str) -> bool:
        async with self.store.read() as tx:
            return await message_of(tx, self.desk, cause) is not None

    async def keep_said(self, cause: str, to: Person, community: int, reply: Reply) -> None:
        """Keep a private message that was not promised, such as a direct answer."""
        now = self.clock.now()
        said = sent_with(reply, cause=cause, community=community, platform=to.platform, to=to.id, private=True, now=now)
        async with self.store.write() as tx:
            await sent.keep(tx, [said])

    def aside(self, invocation: Invocation, path: str) -> Reply:
        return self.dispatcher.aside(invocation, path)

    async def watermarks(self, platform: str) -> Mapping[str, int]:
        """The highest message number absorbed, by the platform's id of the channel."""
        async with self.store.read() as tx:
            return dict(await activity.watermarks(tx, platform))

    async def recall(self, key: str) -> str | None:
        async with self.store.read() as tx:
            return await remembered.recall(tx, key)

    async def remember(self, key: str, value: str) -> None:
        async with self.store.write() as tx:
            await remembered.remember(tx, key, value, self.clock.now())

    async def lag(self) -> int:
        """How many milliseconds the oldest promise is overdue."""
        async with self.store.read() as tx:
            return await promises.lag(tx, self.clock.now())

    async def settle(self) -> None:
        """Perform everything that is due now."""
        await self.schedule.ring()
        await self.outbox.drain()

    async def pass_time(self, clock: HandClock, to: int) -> None:
        """Move the clock by hand, and stop at each moment when something falls due."""
        await self.settle()
        while (moment := await self._next(clock.now())) is not None and moment <= to:
            clock.move(moment)
            await self.settle()
        clock.move(to)
        await self.settle()

    async def _next(self, after: int) -> int | None:
        async with self.store.read() as tx:
            due = await promises.next_due(tx, sorted(self.outbox.serving))
        times = [self.schedule.next(after), max(due, after + 1) if due is not None else None]
        return min((time for time in times if time is not None), default=None)
