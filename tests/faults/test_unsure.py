"""The connection to PostgreSQL is cut at the commit: what was done is reported as done, and nothing is done twice."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from bot.core.clock import SystemClock
from bot.core.core import Core
from bot.host.lease import Holding
from bot.host.registry import open_house
from bot.kit import Access, Post, Reply
from bot.kit.capability import House
from bot.kit.markup import Span
from bot.kit.work import open_work
from models import communities, remembered
from models.leases import look
from models.migrate import migrate
from models.postgres import open_postgres
from models.store import Store, StoreBusy, StoreUnsure
from tests.bot.conftest import quiet
from tests.bot.recorder import ANN, BOB, CAT, LOBBY, NAME, Recorder, posted, typed
from tests.bot.trial import Trial
from tests.faults.wire import Cut, Wire, wired
from tests.soak import rounds

__all__ = ["quiet"]

BUSY = "I am busy just now"
GIFT = 5


@dataclass(slots=True)
class Cutting:
    core: Core
    wire: Wire
    recorder: Recorder
    trial: Trial

    def cut_next(self, cut: Cut, after: int = 0) -> None:
        """Cut one commit, after so many more went through."""
        left: Iterator[int] = count(-after)
        self.wire.choose = lambda: cut if next(left) == 0 else None


@pytest.fixture
async def cutting(postgres_url: Callable[[], str]) -> AsyncIterator[Cutting]:
    async with wired(postgres_url()) as (wire, url):
        store = await open_postgres(url)
        await migrate(store)
        recorder, trial = Recorder(), Trial()
        core = Core(store, House.of([*open_house().capabilities, trial.capability]), SystemClock())
        core.plug(recorder)
        await core.absorb([posted(1, ANN), posted(2, BOB), posted(3, CAT)])
        yield Cutting(core, wire, recorder, trial)
        wire.choose = lambda: None
        await core.dispatcher.stop()
        await store.close()


async def balance(core: Core, who: str) -> int:
    async with core.store.read() as tx:
        row = await tx.one(
            """
            SELECT standing.balance
            FROM standing
            JOIN member ON member.community_id = standing.community_id AND member.id = standing.member_id
            WHERE member.name = :who
            """,
            who=who,
        )
    return row["balance"] if row else 0


async def give_until_told(core: Core) -> str:
    """Retry, as anybody does when told to try again."""
    while True:
        said = (await core.invoke(typed(f"/points give @bob {GIFT} for tea", CAT, access=Access.ADMIN))).plain
        if not said.startswith(BUSY):
            return said


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_store_says_when_nobody_knows(cutting: Cutting, cut: Cut) -> None:
    """A commit that is cut off is neither done nor not done, and has its own error."""
    cutting.cut_next(cut)

    with pytest.raises(StoreUnsure):
        async with cutting.core.store.write() as tx:
            await remembered.remember(tx, "key", cut.value, 0)

    await asyncio.sleep(1)
    assert await cutting.core.recall("key") == (None if cut is Cut.BEFORE else cut.value)


async def test_a_wire_cut_before_the_commit_leaves_no_doubt(cutting: Cutting) -> None:
    """Whatever breaks before COMMIT was sent is certainly not done."""
    with pytest.raises(StoreBusy):  # noqa: PT012 - the block is the transaction
        async with cutting.core.store.write() as tx:
            row = await tx.one("SELECT pg_backend_pid() AS pid")
            assert row
            async with cutting.core.store.write() as assassin:
                await assassin.all("SELECT pg_terminate_backend(CAST(:pid AS INTEGER))", pid=row["pid"])
            await asyncio.sleep(0.1)


async def test_the_servers_own_no_leaves_no_doubt(cutting: Cutting) -> None:
    """A commit that the server refuses or rolls back did nothing, and is no success."""
    async with cutting.core.store.write() as tx:
        await tx.run("CREATE TABLE once (id BIGINT UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(Exception, match="duplicate key") as caught:
        async with cutting.core.store.write() as tx:
            await tx.run("INSERT INTO once (id) VALUES (1), (1)")
    assert not isinstance(caught.value, StoreUnsure)

    with pytest.raises(StoreBusy, match="gave up"):  # noqa: PT012 - the block is the transaction
        async with cutting.core.store.write() as tx:
            with pytest.raises(Exception, match="division by zero"):
                await tx.one("SELECT 1 / 0 AS nothing")


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_gift_is_given_once_and_said_so(cutting: Cutting, cut: Cut) -> None:
    """Whether or not the server got the commit, the reply is true, and the points are right."""
    before = await balance(cutting.core, "Bob")
    cutting.cut_next(cut)

    said = await give_until_told(cutting.core)

    assert cutting.wire.cuts == [cut]
    assert "gets 5 points" in said
    assert await balance(cutting.core, "Bob") == before + GIFT


async def test_however_often_it_is_cut_the_sums_are_right(cutting: Cutting) -> None:
    """Cut at a third of all commits, sometimes again during the lookup: no gift is lost or doubled."""
    dice = random.Random(os.urandom(8))
    before, times = await balance(cutting.core, "Bob"), rounds(20, soak=150)
    cutting.wire.choose = lambda: dice.choice(list(Cut)) if dice.random() < 1 / 3 else None

    said = [await give_until_told(cutting.core) for _ in range(times)]

    cutting.wire.choose = lambda: None
    assert len(cutting.wire.cuts) > times / 10
    assert [word for word in said if "gets 5 points" not in word] == []
    assert await balance(cutting.core, "Bob") == before + GIFT * times


async def test_events_are_counted_once(cutting: Cutting) -> None:
    """Each event is there once, and the caller that brought it is told so."""
    cutting.wire.choose = iter([Cut.AFTER, Cut.AFTER, Cut.BEFORE, None, None]).__next__

    await cutting.core.absorb([posted(number) for number in range(10, 20)])

    cutting.wire.choose = lambda: None
    async with cutting.core.store.read() as tx:
        rows = await tx.all("SELECT cause FROM activity WHERE kind = 'message' AND cause LIKE '%msg:1_'")
    assert len(rows) == 10


async def test_a_command_whose_end_stays_unknown_is_not_said_to_be_undone(cutting: Cutting) -> None:
    """When even the lookup finds no database, the member is asked to check before they try again."""
    core = cutting.core
    cutting.wire.choose = lambda: Cut.AFTER
    core.dispatcher.unsure_for = 0.2

    said = (await core.invoke(typed(f"/points give @bob {GIFT} for tea", CAT, access=Access.ADMIN))).plain

    assert said.startswith("I lost contact with my database while saving this")


async def owe(cutting: Cutting, word: str, seconds: int | None = None) -> None:
    core = cutting.core
    async with core.store.write() as tx:
        (place,) = await communities.find_places(tx, [(NAME, LOBBY.id)])
        work = await open_work(
            tx, core.desk, place.community_id, core.clock.now(), cause=f"test:{word}", platform=NAME, place=place
        )
        await work.promise(Post(place=place.id, reply=Reply(text=(Span(text=word),)), seconds=seconds, repeats=False))


async def promises(core: Core) -> list[tuple[str, str | None]]:
    async with core.store.read() as tx:
        rows = await tx.all("SELECT kind, outcome FROM promise WHERE cause LIKE 'test:%' ORDER BY id")
    return [(row["kind"], row["outcome"]) for row in rows]


@pytest.mark.parametrize("cut", list(Cut))
@pytest.mark.parametrize("commit", [0, 1, 2])
async def test_what_is_owed_is_performed_once(cutting: Cutting, cut: Cut, commit: int) -> None:
    """Cut at inheriting, claiming or recording: it is performed once, soon, and followed once."""
    await owe(cutting, "tea", seconds=60)
    cutting.cut_next(cut, after=commit)
    running = asyncio.create_task(cutting.core.outbox.run())
    try:
        async with asyncio.timeout(8):
            while await promises(cutting.core) != [("Post", "kept"), ("Withdraw", None)]:
                await asyncio.sleep(0.05)
    finally:
        await cutting.core.outbox.stop(1)
        await running

    assert cutting.wire.cuts == [cut]
    assert cutting.recorder.said == ["tea"]


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_job_is_done_once(cutting: Cutting, cut: Cut) -> None:
    """Its mark is part of the same transaction: the next bell tells whether the job must run again."""
    core, name = cutting.core, "trial.ring"
    async with core.store.read() as tx:
        homes = await communities.communities(tx)
    job = next(each for each in core.house.jobs if each.name == name)
    cutting.cut_next(cut)

    with pytest.raises(StoreUnsure):
        await core.schedule._run(homes[0].id, job, core.clock.now())

    await asyncio.sleep(1)
    async with core.store.read() as tx:
        marked = await tx.all("SELECT 1 AS one FROM rung WHERE job = :name", name=name)
    assert bool(marked) is (cut is not Cut.BEFORE)


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_lease_is_taken_all_the_same(cutting: Cutting, cut: Cut) -> None:
    """A process that waits for a part goes on waiting, and then takes it."""
    holding = Holding(cutting.core.store, SystemClock(), "here:1")
    cutting.cut_next(cut)

    async with asyncio.timeout(10):
        await holding.hold("bell")

    assert await _holder(cutting.core.store) == "here:1"
    await holding.release()


async def _holder(store: Store) -> str | None:
    async with store.read() as tx:
        lease = await look(tx, "bell")
    return lease.holder if lease else None
