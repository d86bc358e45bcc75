"""What the clock brings: APScheduler only rings the bell; what is due, and that it was done, lives in our tables."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.capability import Job
from bot.care import Care, Deadly
from bot.clock import Clock
from bot.telling import bury_job
from bot.work import Desk, open_work
from models import communities, rung
from models.communities import Community
from models.store import Store, StoreAway

log = structlog.get_logger(__name__)


class Schedule:
    def __init__(self, store: Store, desk: Desk, clock: Clock, care: Care | None = None) -> None:
        self.store = store
        self.care = care or Care(store, clock)
        self.desk = desk
        self.clock = clock
        self._triggers = {job.name: CronTrigger.from_crontab(job.cron, timezone=UTC) for job in desk.house.jobs}

    def bells(self, *others: Callable[[], Awaitable[None]]) -> AsyncIOScheduler:
        """Rung each minute: two jobs due together are not rung twice, and what had to wait is due again soon.

        The others are the house's own, and wait for no community's jobs.
        """
        bells = AsyncIOScheduler(timezone=UTC)
        every_minute = CronTrigger.from_crontab("* * * * *", timezone=UTC)
        for ring in (self.ring, *others):
            # late rather than never, and once for many missed minutes
            bells.add_job(ring, every_minute, misfire_grace_time=None, coalesce=True, max_instances=1)
        return bells

    def next(self, after: int) -> int | None:
        """The next moment at which any job falls due."""
        times = [_next(trigger, after) for trigger in self._triggers.values()]
        return min((time for time in times if time is not None), default=None)

    async def ring(self) -> None:
        """Run every job whose time has come since it last ran, once per community; a store that is away, next time.

        Whether a job was done whose commit was cut is told then by its mark, which is part of it.
        """
        try:
            await self._ring(self.clock.now())
        except StoreAway:
            log.warning("jobs wait for the store")

    async def _ring(self, now: int) -> None:
        async with self.store.read() as tx:
            last = await rung.last(tx)
            homes = await communities.communities(tx)
        for job in self.desk.house.jobs:
            for community in homes:
                at = last.get((community.id, job.name))
                if at is None:
                    await self._mark(community, job, now)
                elif (due := _next(self._triggers[job.name], at)) is not None and due <= now:
                    await self._run(community, job, now)

    async def _run(self, community: Community, job: Job, now: int) -> None:
        """With care, for a job that ended the process would be due again as soon as the next one begins."""

        async def take(_: Sequence[str]) -> None:
            await self._perform(community, job, now)

        async def set_aside(cause: str) -> None:
            log.error("job set aside, for it ended the process whenever it ran", job=job.name, community=community.id)
            async with self.store.write() as tx:
                await bury_job(tx, cause, job.name, Deadly(), now, community.id)
                await rung.mark(tx, community.id, job.name, now)

        await self.care.through([f"job:{community.id}:{job.name}"], str, take, set_aside)

    async def _perform(self, community: Community, job: Job, now: int) -> None:
        try:
            async with self.store.write() as tx:
                cause = f"job:{job.name}:{now}"
                await job.handler(await open_work(tx, self.desk, community.id, now, cause=cause))
                await rung.mark(tx, community.id, job.name, now)
        except StoreAway:
            raise
        except Exception:
            log.exception("job failed", job=job.name, community=community.id)
            await self._mark(community, job, now)

    async def _mark(self, community: Community, job: Job, now: int) -> None:
        async with self.store.write() as tx:
            await rung.mark(tx, community.id, job.name, now)


def _next(trigger: CronTrigger, after: int) -> int | None:
    time = trigger.get_next_fire_time(None, datetime.fromtimestamp(after / 1000 + 0.001, UTC))
    return round(time.timestamp() * 1000) if time else None
