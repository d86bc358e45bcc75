"""What the clock brings: once for each community, rather late than never, and never in a loop."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.core.schedule import Schedule
from bot.kit import Capability, Work
from bot.kit.capability import House
from bot.kit.references import Spot
from models import job_runs, settings
from models.store import Store
from tests.bot.conftest import home_of
from tests.bot.recorder import DAY, HOUR, NAME, NOON, SECOND, posted
from tests.bot.trial import Trial

#: the trial's job falls due at six in the morning; it is noon
SIX = NOON + 18 * HOUR


async def test_a_job_is_due_once_for_each_community(core: Core, clock: HandClock, trial: Trial) -> None:
    """Each community has its own run, however often the bell rings."""
    await core.absorb([posted(1), posted(2, spot=Spot(NAME, "second", "guild", "Second"))])
    await core.schedule.ring()
    clock.move(SIX - 1)
    await core.schedule.ring()
    assert trial.rung == []
    clock.move(SIX)

    for _ in range(3):
        await core.schedule.ring()

    assert len({community for community, _ in trial.rung}) == 2
    assert [moment for _, moment in trial.rung] == [SIX, SIX]


async def test_a_community_that_is_new_waits_for_its_first_time(core: Core, clock: HandClock, trial: Trial) -> None:
    """Runs that fell due before a community existed do not concern it."""
    await core.absorb([posted(1)])
    await core.schedule.ring()
    clock.move(SIX + HOUR)
    await core.absorb([posted(2, spot=Spot(NAME, "second", "guild", "Second"))])
    await core.schedule.ring()
    first = await home_of(core)

    assert [community for community, _ in trial.rung] == [first]
    clock.move(SIX + DAY)
    await core.schedule.ring()
    assert len(trial.rung) == 3


async def test_late_is_better_than_never_and_than_often(core: Core, clock: HandClock, trial: Trial, home: int) -> None:
    """After a month away each job runs once, in a new process or the old one."""
    await core.schedule.ring()
    clock.move(NOON + 30 * DAY)

    away = Schedule(core.store, core.desk, clock)
    await away.ring()
    await core.schedule.ring()

    assert trial.rung == [(home, NOON + 30 * DAY)]


async def test_time_that_passes_by_hand_misses_nothing(core: Core, clock: HandClock, trial: Trial, home: int) -> None:
    """A month passed by hand stops at each of its mornings."""
    await core.pass_time(clock, NOON + 30 * DAY)

    assert trial.rung == [(home, SIX + number * DAY) for number in range(30)]
    assert clock.now() == NOON + 30 * DAY


async def test_a_clock_that_goes_back_brings_nothing_twice(core: Core, trial: Trial, home: int, store: Store) -> None:
    """If the machine's clock was set back, no run comes a second time."""
    await core.pass_time(core.clock, SIX + HOUR)  # type: ignore[arg-type]  # it is a HandClock
    back = Schedule(store, core.desk, HandClock(SIX - DAY))

    await back.ring()

    assert trial.rung == [(home, SIX)]


async def test_a_job_that_fails_does_not_loop(core: Core, clock: HandClock, trial: Trial, home: int) -> None:
    """It is tried at its next time; its writing is rolled back, and other jobs run."""
    trial.broken = True
    await core.pass_time(clock, SIX)
    await core.settle()
    assert trial.rung == [(home, SIX)]
    async with core.store.read() as tx:
        assert await settings.get(tx, home, f"rung.{SIX}") is None

    trial.broken = False
    await core.pass_time(clock, SIX + DAY)

    assert trial.rung == [(home, SIX), (home, SIX + DAY)]
    async with core.store.read() as tx:
        assert await settings.get(tx, home, f"rung.{SIX + DAY}") == "1"


async def test_a_job_waits_for_a_busy_store(
    core: Core, clock: HandClock, trial: Trial, home: int, tmp_path: Path
) -> None:
    """It stays due, and runs when the bell rings again."""
    await core.schedule.ring()
    clock.move(SIX)
    held = sqlite3.connect(tmp_path / "hearth.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    await core.schedule.ring()
    held.execute("ROLLBACK")
    held.close()
    assert trial.rung == []

    clock.move(SIX + SECOND)
    await core.schedule.ring()

    assert trial.rung == [(home, SIX + SECOND)]


async def test_the_bell_rings_by_itself(core: Core, clock: HandClock, trial: Trial, home: int) -> None:
    """One bell serves all jobs, again and again, whatever the clock shows, even if it was set back."""

    async def seen(moment: int, runs: int) -> None:
        clock.set(moment)
        async with asyncio.timeout(20):
            while len(trial.rung) < runs or await latest(core) > moment:
                await asyncio.sleep(0.02)

    bell = asyncio.create_task(core.schedule.keep(every=0.02))
    for moment, runs in ((NOON, 0), (SIX + 40 * DAY, 1), (NOON, 1), (SIX, 2)):
        await seen(moment, runs)
    bell.cancel()

    assert trial.rung == [(home, SIX + 40 * DAY), (home, SIX)]


async def latest(core: Core) -> int:
    async with core.store.read() as tx:
        rung = [await job_runs.last(tx, job.name) for job in core.house.jobs]
    return max((at for its in rung for at in its.values()), default=2**63)


@pytest.mark.parametrize(
    ("cron", "moments"),
    [("0 6 * * *", [SIX]), ("*/15 * * * *", [NOON + 15 * 60 * SECOND]), ("0 0 1 * *", [NOON + 26 * DAY + 12 * HOUR])],
)
def test_the_next_moment_is_known(core: Core, cron: str, moments: list[int]) -> None:
    """In UTC, strictly after the given moment."""
    capability = Capability("x")

    async def job(work: Work) -> None:
        raise NotImplementedError

    declare: Callable[..., object] = capability.job(cron)
    declare(job)
    schedule = Schedule(core.store, type(core.desk)(
        house=House.of([capability]), catalogue=core.catalogue, ids=core.desk.ids
    ), core.clock)  # fmt: skip

    assert [schedule.next(NOON)] == moments
    after = schedule.next(moments[0])
    assert after is not None
    assert after > moments[0]
