"""Performs promises: claims them by lease, hands them to their platform, and writes down the outcome."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.core import incarnation
from bot.core.clock import Clock
from bot.core.metrics import KEPT
from bot.core.outcomes import Outcomes, Result, void
from bot.core.pictures import Studio
from bot.core.writable import writable
from bot.kit import Effect, Remind, Tell
from bot.kit.codec import load_effect
from bot.kit.events import Event
from bot.kit.platform import HOUSE, Delivery, Platform
from bot.kit.work import Desk, open_work
from models import communities, members, promises, roles, sent
from models.communities import Place
from models.promises import Promise
from models.store import Fenced, Store, StoreAway, StoreUnsure, Tx

log = structlog.get_logger(__name__)

#: how long a process may take over one promise before another may claim it
LEASE = 60_000
#: shorter than the lease, so that no promise is performed by two
PATIENCE = 45.0
#: promises of one sort being sent at once, and how many of them for one community, so that no community and no
#: unanswered sort delays the others; urgent promises get as many again
ABREAST = 16
EACH = 4
#: seconds between two searches for other communities' promises, and how many times the duration of a search to wait
SELDOM, RARELY = 0.05, 20
#: how often a process looks for what other processes have promised
LOOK = 1.0


class Outbox:
    def __init__(
        self,
        store: Store,
        desk: Desk,
        clock: Clock,
        platforms: Mapping[str, Platform],
        absorb: Callable[[Sequence[Event]], Awaitable[object]],
        studio: Studio | None = None,
    ) -> None:
        self.store = store
        self.desk = desk
        self.clock = clock
        self.platforms = platforms
        #: what this process performs for; with several processes, one serves each platform and all serve the house
        self.serving: set[str] = {HOUSE}
        #: the name for our claims; no other process uses it
        self.holder = f"{incarnation.me()}:{secrets.token_hex(4)}"
        self._outcomes = Outcomes(clock, platforms)
        self._absorb = absorb
        self._studio = studio or Studio()
        self._awake = asyncio.Event()
        self._stopping = False
        #: what we began to serve a moment ago
        self._new: set[str] = {HOUSE}
        #: the sorts, each of one community, that had their turn in this round
        self._had_turn: set[str] = set()
        #: by the loop's clock, when we may search again for others that wait
        self._look_at = 0.0
        #: by id, promises claimed but not written down yet
        self._held: dict[int, Promise] = {}
        #: until when a claim whose outcome we did not learn may still come true
        self._unsure_until = 0
        self._turning = asyncio.Lock()
        self._air: set[asyncio.Task[None]] = set()
        self._results: list[Result] = []

    def wake(self) -> None:
        self._awake.set()

    def serve(self, platform: str) -> None:
        """Serve it alone from now on: take over at once what the process before us left unfinished."""
        self.serving.add(platform)
        self._new.add(platform)
        self.wake()

    async def run(self) -> None:
        """Run until stopped; if the store is away, wait for it."""
        while not self._stopping:
            self._awake.clear()
            try:
                if not await self._turn():
                    await self._sleep()
            except StoreAway:
                await asyncio.sleep(LOOK)

    async def drain(self) -> None:
        """Perform everything that is due now, and what follows from it, then return."""
        while await self._turn() or self._air or self._results:
            if self._air:
                await asyncio.wait(self._air, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, seconds: float) -> None:
        """Finish what is being sent; what does not finish in time is claimed again later."""
        self._stopping = True
        self.wake()
        async with self._turning:
            pass  # a claim in progress counts as being sent after this
        if self._air:
            await asyncio.wait(self._air, timeout=seconds)
        for task in self._air:
            task.cancel()
        await self._settle()

    async def _sleep(self) -> None:
        async with self.store.read() as tx:
            due = await promises.next_due(tx, sorted(self.serving))
        wait = LOOK if due is None else (due - self.clock.now()) / 1000
        if wait <= 0 and self._full:  # until one of their promises is done we can only look for others
            wait = self._look_at - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(LOOK, max(wait, 0.005))):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _turn(self) -> bool:
        """Write down outcomes of earlier promises and take new ones; true if there was anything to do."""
        async with self._turning:
            settled = await self._settle()
            if self._new or self._unsure_until > self.clock.now():
                await self._inherit()
            if self._stopping:
                return settled
            return bool(await self._launch()) or settled

    async def _launch(self) -> Sequence[Promise]:
        now, platforms = self.clock.now(), sorted(self.serving)
        async with self.store.read() as tx:
            due = await promises.next_due(tx, platforms)
        if due is None or due > now:
            return ()
        claimed = await self._claim(platforms, now)
        for promise in claimed:
            self._held[promise.id] = promise
            task = asyncio.create_task(self._keep(promise), name=f"promise {promise.id}")
            self._air.add(task)
            task.add_done_callback(partial(self._landed, promise.id))
        return claimed

    async def _claim(self, platforms: Sequence[str], now: int) -> Sequence[Promise]:
        room = max(0, ABREAST - sum(promise.urgent for promise in self._held.values()))
        try:
            async with self.store.write() as tx:
                urgent = await promises.claim_urgent(tx, platforms, self.holder, now, now + LEASE, room)
                return urgent or await self._claim_in_turn(tx, platforms, now)
        except StoreUnsure:
            self._unsure_until = now + LEASE
            raise

    async def _claim_in_turn(self, tx: Tx, platforms: Sequence[str], now: int) -> Sequence[Promise]:
        """Claim a few of the longest due, from communities that had no turn since all others had theirs."""
        clock, full = asyncio.get_running_loop().time, self._full
        claimed: Sequence[Promise] = ()
        if (passed := {*full, *self._had_turn}) and (began := clock()) >= self._look_at:
            claimed = await promises.claim(tx, platforms, self.holder, now, now + LEASE, EACH, passed)
            # It takes time to find others behind one long backlog, so limit how often we search.
            self._look_at = clock() + max(SELDOM, RARELY * (clock() - began))
            if not claimed:
                self._had_turn.clear()
        if not (claimed or full):
            claimed = await promises.claim(tx, platforms, self.holder, now, now + LEASE, EACH)
        self._had_turn.update(promise.turn for promise in claimed)
        return claimed

    @property
    def _full(self) -> list[str]:
        """The sorts that have enough promises being sent, in all or for one community."""
        sorts = Counter(promise.sort for promise in self._held.values())
        turns = Counter(promise.turn for promise in self._held.values())
        enough = [sort for sort, count in sorts.items() if count >= ABREAST]
        return enough + [turn for turn, count in turns.items() if count >= EACH]

    async def _inherit(self) -> None:
        """Take over unfinished claims: all of a platform, which only we serve; of the house, those of dead processes.

        Also take back our own claims whose outcome we did not learn.
        """
        new = sorted(self._new)
        alone = self.store.dialect == "sqlite"
        async with self.store.write() as tx:
            await promises.give_back(tx, self.holder, self._held)
            for platform in new:
                for holder in await promises.holders(tx, platform):
                    dead = alone or platform != HOUSE or incarnation.gone(holder)
                    if dead and holder != self.holder:
                        count = await promises.take_over(tx, platform, holder)
                        log.info("taken over", platform=platform, promises=count, holder=incarnation.shown(holder))
        self._new.difference_update(new)

    def _landed(self, promise: int, task: asyncio.Task[None]) -> None:
        self._air.discard(task)
        if task.cancelled() or task.exception():
            self._held.pop(promise, None)  # nothing will be written down for it; its lease runs out
        self.wake()

    async def _keep(self, promise: Promise) -> None:
        # Name it first: while the effect is performed, the list itself is replaced.
        result = writable(await self._perform(promise))
        if result.sent:
            self.desk.sending[result.sent.cause] = result.sent
        self._results.append(result)

    async def _perform(self, promise: Promise) -> Result:
        try:
            effect = load_effect(promise.kind, promise.body)
        except (KeyError, ValueError) as error:
            log.exception("promise not read", kind=promise.kind, id=promise.id)
            return void(promise, f"not read: {type(error).__name__}")
        if isinstance(effect, Remind):
            return self._outcomes.reminded(promise, effect)
        if effect.until and effect.until < self.clock.now():
            return void(promise, "too late to be of use")
        platform = self.platforms[promise.platform]
        if over := self._outcomes.over(promise, effect):
            return over
        try:
            delivery = await self._address(promise, effect)
            if delivery is None:
                return void(promise, "nowhere to perform it")
            async with asyncio.timeout(PATIENCE):
                effect = await self._studio.finish_effect(delivery.effect)
                receipt = await platform.perform(replace(delivery, effect=effect))
        except Exception as error:  # noqa: BLE001 - every end of an attempt is written down
            return self._outcomes.failed(promise, effect, error)
        return self._outcomes.kept(promise, effect, receipt, delivery)

    async def _address(self, promise: Promise, effect: Effect) -> Delivery | None:
        """Where and to whom to send, as the platform knows them now; None if there is no such address."""
        place = account = None
        roots: Sequence[Place] = ()
        async with self.store.read() as tx:
            if effect.place_id:
                place = await communities.place(tx, promise.community_id, effect.place_id)
            if effect.member_id:
                accounts = await members.accounts_of(tx, promise.community_id, effect.member_id)
                account = next((each for each in accounts if each.platform == promise.platform), None)
            if isinstance(effect, Tell) and effect.present:
                roots = await communities.roots(tx, promise.community_id, promise.platform)
        if (effect.place_id and place is None) or (effect.member_id and account is None):
            return None
        return Delivery(
            effect=effect,
            key=str(promise.id),
            place=place,
            account=account,
            chats=[root.external_id for root in roots],
            since=promise.tried_at if promise.failures else None,
            urgent=promise.urgent,
        )

    async def _settle(self) -> bool:
        """Write down all outcomes so far in one transaction; a second writing changes nothing."""
        if not self._results:
            return False
        results, self._results = self._results, []
        try:
            await self._write(results)
        except (StoreAway, Fenced):
            self._results = results + self._results
            raise
        except Exception:
            log.exception("results not written down together", count=len(results))
            await self._one_by_one(results)
        return True

    async def _one_by_one(self, results: Sequence[Result]) -> None:
        """An outcome that cannot be written down becomes void: only this one is lost, and it is not performed again."""
        for at, result in enumerate(results):
            try:
                await self._write_alone(result)
            except (StoreAway, Fenced):
                self._results = [*results[at:], *self._results]
                raise

    async def _write_alone(self, result: Result) -> None:
        try:
            await self._write([result])
        except (StoreAway, Fenced):
            raise
        except Exception as error:
            log.exception("result set aside", kind=result.promise.kind, id=result.promise.id, outcome=result.outcome)
            if result.outcome == "void":  # even that failed, so its lease runs out
                self._held.pop(result.promise.id, None)
                return
            await self._write_alone(void(result.promise, f"not written down: {type(error).__name__}"))

    async def _write(self, results: Sequence[Result]) -> None:
        if events := [event for result in results for event in result.events]:
            await self._absorb(events)
        async with self.store.write() as tx:
            await self._write_down(tx, results)
        for result in results:
            self._held.pop(result.promise.id, None)
            KEPT.labels(result.outcome or "again").inc()
            if result.sent:
                self.desk.sending.pop(result.sent.cause, None)

    async def _write_down(self, tx: Tx, results: Sequence[Result]) -> None:
        now = self.clock.now()
        kept = [(r.promise.community_id, r.promise.id, r.outcome, r.error) for r in results if r.outcome]
        again = [(r.promise.community_id, r.promise.id, now + r.wait, r.error or "") for r in results if not r.outcome]
        ended = await promises.keep(tx, kept, now)
        if again:
            await promises.retry(tx, again)
        if failed := [(r.promise.community_id, r.promise.id) for r in results if r.failed]:
            await promises.fail(tx, failed)
        await roles.came_true(tx, [row for result in results for row in result.roles])
        await sent.keep(tx, [result.sent for result in results if result.sent])
        for result in results:
            if result.follow and result.promise.id in ended:
                cause, platform = result.promise.cause, result.promise.platform
                community = result.promise.community_id
                work = await open_work(tx, self.desk, community, now, cause=cause, platform=platform)
                await work.promise(result.follow, after=result.follow_after)
