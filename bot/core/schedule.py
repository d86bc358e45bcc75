"""Runs jobs by the clock: APScheduler only parses their times; our tables hold what is due and what is done."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from time import time

import structlog
from apscheduler.triggers.cron import CronTrigger

from bot.core.clock import Clock
from bot.core.in_hand import Care, Deadly
from bot.kit.capability import Job
from bot.kit.listening import bury_job
from bot.kit.work import Desk, open_work
from models import communities, job_runs, promises
from models.spans import HOUR
from models.store import Store, StoreAway

log = structlog.get_logger(__name__)

#: seconds
MINUTE = 60
#: milliseconds: the least by which a clock comes back that had jumped ahead; longer than any promise waits for its
#: next try; the time in which a promise may still be being kept
BACK, LONGEST_WAIT, SOON = 300_000, 2 * HOUR, 60_000


class Times:
    """When a job is due; keeps the answer, since every community asks the same each minute."""

    def __init__(self, cron: str) -> None:
        self._trigger = CronTrigger.from_crontab(cron, timezone=UTC)
        self._since, self._due = 0, 0

    def next(self, after: int) -> int:
        if not self._since <= after < self._due:
            found = self._trigger.get_next_fire_time(None, datetime.fromtimestamp(after / 1000 + 0.001, UTC))
            if found is None:
                raise LookupError(f"{self._trigger} never comes")
            self._since, self._due = after, round(found.timestamp() * 1000)
        return self._due


class Schedule:
    def __init__(self, store: Store, desk: Desk, clock: Clock, care: Care | None = None) -> None:
        self.store = store
        self.care = care or Care(store, clock)
        self.desk = desk
        self.clock = clock
        #: the moment from which the clock came back, once we noticed
        self._back = 0
        self._times = {job.name: Times(job.cron) for job in desk.house.jobs}
        #: when a job falls due again in any of the communities that were there
        self._again: dict[str, int] = {}
        self._homes: set[int] = set()
        self._rung = 0

    async def keep(self, *others: Callable[[], Awaitable[None]], every: float = MINUTE) -> None:
        """Ring each minute until cancelled. `others` are the house's own, and do not wait for community jobs."""
        async with asyncio.TaskGroup() as bells:
            for ring in (self.ring, *others):
                bells.create_task(_keep_ringing(ring, every))

    def next(self, after: int) -> int | None:
        """The next moment when any job falls due."""
        return min((times.next(after) for times in self._times.values()), default=None)

    async def ring(self) -> None:
        """Run every job that is due since its last run, once per community; if the store is away, try next time.

        If a commit was cut, the job's mark, which is part of it, tells whether the job was done.
        """
        try:
            await self._ring(self.clock.now())
        except StoreAway:
            log.warning("jobs wait for the store")

    async def _ring(self, now: int) -> None:
        async with self.store.read() as tx:
            homes = await communities.communities(tx)
            jobs = self._due({each.id for each in homes}, now)
            last = {job.name: await job_runs.last(tx, job.name) for job in jobs}
        await self._come_back(max((at for its in last.values() for at in its.values()), default=0), now)
        for job in jobs:
            rung = {each.id: last[job.name].get(each.id) for each in homes}
            unset = {home for home, at in rung.items() if at is None or (at > now and self._jumped(job, at, now))}
            if unset:
                await self._mark(unset, job, now)
            for home, at in rung.items():
                if home not in unset and at is not None and self._times[job.name].next(at) <= now:
                    await self._run(home, job, now)
            self._again[job.name] = self._times[job.name].next(now)

    def _due(self, homes: set[int], now: int) -> list[Job]:
        """Those that may be due somewhere: all of them where a community is new, or the clock went back."""
        if now < self._rung or not homes <= self._homes:
            self._again.clear()
        self._rung, self._homes = now, homes
        return [job for job in self.desk.house.jobs if self._again.get(job.name, 0) <= now]

    def _jumped(self, job: Job, at: int, now: int) -> bool:
        """Whether the job last ran by a clock so far ahead that the job would now miss its turn."""
        due = self._times[job.name].next(now)
        return at - now > self._times[job.name].next(due) - due

    async def _come_back(self, latest: int, now: int) -> None:
        """Make promises due that were delayed while the clock was ahead."""
        if latest <= now + BACK or latest == self._back:
            return
        async with self.store.write() as tx:
            moved = await promises.set_back(tx, now, LONGEST_WAIT, SOON)
        self._back = latest
        log.warning("the clock was ahead and came back", seconds=(latest - now) // 1000, promises=moved)

    async def _run(self, community: int, job: Job, now: int) -> None:
        """Run with care: a job that ended the process would be due again as soon as the next one begins."""

        async def take(_: Sequence[str]) -> None:
            await self._perform(community, job, now)

        async def set_aside(cause: str) -> None:
            log.error("job set aside, for it ended the process whenever it ran", job=job.name, community=community)
            async with self.store.write() as tx:
                await bury_job(tx, cause, job.name, Deadly(), now, community)
                await job_runs.mark(tx, [community], job.name, now)

        await self.care.through([f"job:{community}:{job.name}"], str, take, set_aside)

    async def _perform(self, community: int, job: Job, now: int) -> None:
        try:
            async with self.store.write() as tx:
                cause = f"job:{job.name}:{now}"
                await job.handler(await open_work(tx, self.desk, community, now, cause=cause))
                await job_runs.mark(tx, [community], job.name, now)
        except StoreAway:
            raise
        except Exception:
            log.exception("job failed", job=job.name, community=community)
            await self._mark([community], job, now)

    async def _mark(self, homes: Iterable[int], job: Job, now: int) -> None:
        """It rings there from now on."""
        async with self.store.write() as tx:
            await job_runs.mark(tx, homes, job.name, now)


async def _keep_ringing(ring: Callable[[], Awaitable[None]], every: float) -> None:
    """Wait by the loop's own time: somebody may set the clock back, and then no bell would ring until it caught up."""
    while True:
        try:
            await ring()
        except Exception:
            log.exception("bell not rung")
        await asyncio.sleep(every - time() % every)
