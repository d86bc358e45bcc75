"""Takes in all events and commands: new batches form while the batch before them commits."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.core.batch import Absorbed, Batch
from bot.core.clock import Clock
from bot.core.identity import Identity
from bot.core.in_hand import Care, Deadly
from bot.core.invoker import Invoker
from bot.core.metrics import ABSORBED, BATCH_SECONDS, COMMANDS, DEAD
from bot.core.queues import Fair
from bot.core.turnstile import Turnstile
from bot.core.writable import writable
from bot.kit import Choice, Reply, Tone
from bot.kit.events import CommandGiven, Event
from bot.kit.invocation import Invocation
from bot.kit.listening import bury
from bot.kit.work import Desk
from models.store import Fenced, Store, StoreAway, StoreBusy, StoreUnsure

#: a guild or chat as its platform calls it, or a community of ours
Place = tuple[str, str]

log = structlog.get_logger(__name__)

#: events in one transaction: beyond a few thousand throughput gains little and a command waits longer
BATCH = 2_000
#: how many events of one place are taken in one turn, and for how many events a command counts
PART = 250
COMMAND = 4
#: how many entries may wait: for one guild or chat, and in all
MOST_THERE, MOST = 500, 2_000
#: how many seconds we keep asking whether a transaction stands after its commit was cut
UNSURE = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
#: seconds a command waits for its turn before we ask its author to try again
PATIENCE = 2.5


@dataclass(slots=True, kw_only=True)
class _Entry:
    events: Sequence[Event]
    done: asyncio.Future[Absorbed]
    #: a caller waits for the reply, so it is handed back and not promised
    awaited: bool
    #: its transaction is open: from here on the caller must learn how it ends
    taken: bool = False

    @property
    def weight(self) -> int:
        return sum(COMMAND if isinstance(event, CommandGiven) else 1 for event in self.events)


class Dispatcher:
    def __init__(
        self, store: Store, desk: Desk, clock: Clock, wake: Callable[[], None] = lambda: None, care: Care | None = None
    ) -> None:
        self.store = store
        self.desk = desk
        self.clock = clock
        self.identity = Identity(desk)
        self.invoker = Invoker(desk)
        self.care = care or Care(store, clock)
        #: called after each commit, because something may be owed now
        self._wake = wake
        self.turnstile = Turnstile(desk, self.invoker)
        self._waiting: Fair[_Entry] = Fair()
        #: set when entries leave the queue and make room
        self._room = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.unsure_for = UNSURE

    async def absorb(self, events: Sequence[Event]) -> Absorbed:
        """Returns when everything the events caused is committed: only then may a platform be told "received"."""
        total = Absorbed()

        async def take(some: Sequence[Event]) -> None:
            entries = [await self._enter(place, part) for place, part in _parts(some)]
            done = await asyncio.gather(*(entry.done for entry in entries))
            for result in {id(each): each for each in done}.values():
                total.add(result)

        events = [writable(event) if isinstance(event, CommandGiven) else event for event in events]
        if events:
            await self.care.through(events, lambda event: event.cause, take, self.set_aside)
        return total

    async def set_aside(self, event: Event) -> None:
        log.error("event set aside, for it ended the process whenever it was in hand", cause=event.cause)
        async with self.store.write() as tx:
            await bury(tx, event, Deadly(), self.clock.now())
        DEAD.inc()

    async def invoke(self, invocation: Invocation) -> Reply:
        """The reply to a command, once its changes are committed."""
        invocation = writable(invocation)
        command = self.invoker.find(invocation)
        COMMANDS.labels(command.name if command else "").inc()
        if wait := self._wait(invocation):
            return self.aside(invocation, "refusal.hasty", time=timedelta(seconds=wait))
        try:
            if command and command.reads and (read := await self._read(invocation)):
                return read
            absorbed = await self._in_time(self._take_in(invocation))
        except StoreUnsure:
            return self.aside(invocation, "refusal.unsure")
        except (StoreAway, TimeoutError):
            self.turnstile.refund(invocation)
            return self.aside(invocation, "refusal.busy")
        except Exception:
            log.exception("command not answered", cause=invocation.cause)
            return self.aside(invocation, "refusal.broken")
        reply = absorbed.replies[invocation.cause]
        return reply if isinstance(reply, Reply) else self.aside(invocation, reply)

    def _wait(self, given: Invocation, *, suggesting: bool = False) -> int:
        """Seconds to wait; the turnstile judges only if the platform's adapter did not judge already."""
        return self.turnstile.wait(given, suggesting=suggesting) if given.hasty is None else given.hasty

    async def suggest(self, invocation: Invocation, option: str) -> Sequence[Choice]:
        invocation = writable(invocation)
        if self._wait(invocation, suggesting=True):
            return []
        async with self.store.read() as tx:
            known = await self.identity.look(tx, CommandGiven.of(invocation))
            return await self.invoker.suggest(tx, known, invocation, option, self.clock.now()) if known else []

    async def stop(self) -> None:
        """Commit what is in the queue, then stop."""
        if self._task:
            await self._task

    async def _enter(self, place: Place, events: Sequence[Event]) -> _Entry:
        """Enqueue events, which cannot be refused: the caller waits until there is room."""
        while self._is_full(place):
            self._room.clear()
            await self._room.wait()
        return self._enqueue(events, place)

    def _take_in(self, invocation: Invocation) -> _Entry:
        """Enqueue a command, or refuse it when too many wait already; moderators are never refused."""
        event, first = CommandGiven.of(invocation), invocation.keeps_order
        if self._is_full(_place(event)) and not first:
            raise StoreBusy("too many commands wait already")
        return self._enqueue([event], _place(event), awaited=True, first=first)

    def _is_full(self, place: Place) -> bool:
        return self._waiting.waiting(place) >= MOST_THERE or len(self._waiting) >= MOST

    def _enqueue(self, events: Sequence[Event], place: Place, *, awaited: bool = False, first: bool = False) -> _Entry:
        entry = _Entry(events=events, done=asyncio.get_running_loop().create_future(), awaited=awaited)
        self._waiting.put(entry, place, first=first)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="dispatcher")
        return entry

    async def _in_time(self, entry: _Entry) -> Absorbed:
        """Cancel a command whose turn does not come in time; once its turn came, wait for its end."""
        try:
            await asyncio.wait([entry.done], timeout=PATIENCE)
        finally:
            if not entry.taken:
                entry.done.cancel()
        if entry.done.cancelled():
            raise TimeoutError
        return await entry.done

    async def _read(self, invocation: Invocation) -> Reply | None:
        """Answer without the writer; None when the author is not known yet, which takes a write."""
        async with asyncio.timeout(PATIENCE), self.store.read() as tx:
            known = await self.identity.look(tx, CommandGiven.of(invocation))
            if known is None or known.member is None:
                return None
            return (await self.invoker.run(tx, known, invocation, self.clock.now())).reply

    async def _work(self) -> None:
        while self._waiting:
            entries: list[_Entry] = []
            weight = 0
            while (entry := self._waiting.peek()) and (not entries or weight + entry.weight <= BATCH):
                self._waiting.take()
                if not entry.done.cancelled():
                    entries.append(entry)
                    weight += entry.weight
            self._room.set()
            if entries:
                await self._commit(entries)

    async def _commit(self, entries: Sequence[_Entry]) -> None:
        try:
            with BATCH_SECONDS.time():
                result = await self._transaction(entries)
        except (StoreAway, Fenced) as error:
            self.identity.forget()
            self._fail(entries, error)
            return
        except Exception:
            self.identity.forget()
            if _mend(entries):
                await self._commit(entries)
                return
            log.exception("batch failed", events=sum(len(entry.events) for entry in entries))
            await self._one_by_one(entries)
            return
        self._finish(entries, result)

    async def _one_by_one(self, entries: Sequence[_Entry]) -> None:
        """Find the event that breaks the transaction itself, keep it aside, and let the others through."""
        for entry in entries:
            total = Absorbed()
            try:
                for event in entry.events:
                    total.add(await self._alone(event, awaited=entry.awaited))
            except (StoreAway, Fenced) as error:
                self.identity.forget()
                self._fail([entry], error)
            except Exception as error:  # noqa: BLE001 - the caller must hear of it, and the queue goes on
                self._fail([entry], error)
            else:
                self._finish([entry], total)

    async def _alone(self, event: Event, *, awaited: bool) -> Absorbed:
        try:
            done: asyncio.Future[Absorbed] = asyncio.get_running_loop().create_future()
            return await self._transaction([_Entry(events=[event], done=done, awaited=awaited)])
        except (StoreAway, Fenced):
            raise
        except Exception as error:  # noqa: BLE001 - kept aside with its error, and the queue goes on
            self.identity.forget()
            async with self.store.write() as tx:
                await bury(tx, event, error, self.clock.now())
            return Absorbed(dead=1, replies={event.cause: "refusal.broken"})

    def _fail(self, entries: Sequence[_Entry], error: Exception) -> None:
        for entry in entries:
            if not entry.done.done():
                entry.done.set_exception(error)

    def _finish(self, entries: Sequence[_Entry], result: Absorbed) -> None:
        ABSORBED.inc(result.fresh)
        DEAD.inc(result.dead)
        for entry in entries:
            if not entry.done.done():
                entry.done.set_result(result)
        self._wake()

    async def _transaction(self, entries: Sequence[_Entry]) -> Absorbed:
        """Run the transaction; if its commit was cut, ask again before telling anybody: causes decide what stands."""
        attempt = Absorbed()
        try:
            await self._attempt(entries, attempt)
        except StoreUnsure as error:
            log.warning("commit cut; asking again whether it stands", error=str(error))
            return await self._settled(entries, attempt)
        return attempt

    async def _settled(self, entries: Sequence[_Entry], unsure: Absorbed) -> Absorbed:
        """Try again: the same causes wait for a transaction still on its way, then find it done, or come first."""
        until, pause = asyncio.get_running_loop().time() + self.unsure_for, FIRST_PAUSE
        while True:
            self.identity.forget()
            attempt = Absorbed()
            try:
                await self._attempt(entries, attempt)
            except StoreAway as error:
                if isinstance(error, StoreUnsure):
                    unsure = attempt.after(unsure)
                if asyncio.get_running_loop().time() > until:
                    raise StoreUnsure(str(error)) from error
            except Exception as error:
                raise StoreUnsure(f"the commit was cut, and then: {error!r}") from error
            else:
                return attempt.after(unsure)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _attempt(self, entries: Sequence[_Entry], absorbed: Absorbed) -> None:
        """Fill `absorbed`, so that the caller has the outcome even if the commit is cut."""
        began = self.clock.now()
        async with self.store.write() as tx:
            entries = [entry for entry in entries if not entry.done.cancelled()]
            for entry in entries:
                entry.taken = True
            events = [event for entry in entries for event in entry.events]
            awaited = frozenset(event.cause for entry in entries if entry.awaited for event in entry.events)
            batch = Batch(tx, self.desk, self.identity, self.invoker, self.clock.now())
            absorbed.add(await batch.absorb(events, awaited))
        self.desk.pulse.commit = self.clock.now() - began

    def aside(self, invocation: Invocation, path: str, **values: Any) -> Reply:
        """Say a sentence without the store, in the language the platform tells."""
        language = self.desk.catalogue.choose(invocation.locale)
        text = self.desk.catalogue.rich(language, path, values)
        return Reply(text=text, private=True, tone=Tone.CAREFUL)


def _mend(entries: Sequence[_Entry]) -> bool:
    """Make events fit to be written down; true if any changed. It is rarely needed, so only a failure calls it."""
    mended = False
    for entry in entries:
        events = [writable(event) for event in entry.events]
        mended |= any(one is not other for one, other in zip(events, entry.events, strict=True))
        entry.events = events
    return mended


def _place(event: Event) -> Place:
    root = event.spot.root if event.spot else None
    return (root.platform, root.id) if root else ("", str(event.home))


def _parts(events: Sequence[Event]) -> Iterable[tuple[Place, Sequence[Event]]]:
    """The events of each guild or chat, in order, one part at a time."""
    places: defaultdict[Place, list[Event]] = defaultdict(list)
    for event in events:
        places[_place(event)].append(event)
    for place, its in places.items():
        for at in range(0, len(its), PART):
            yield place, its[at : at + PART]
