"""The copies that the house makes by itself: each night, before its schema changes, and only so many."""

import asyncio
from pathlib import Path

import pytest

from bot.core.clock import HandClock
from bot.core.core import Core
from bot.host import app, config
from bot.host.backup import ASKED, AT_NIGHT, BEFORE_MIGRATION, NIGHTLY, PAUSE, Backups
from bot.host.config import Config
from models import copies, migrate
from models.engines import open_store
from models.store import Store
from tests.bot.recorder import DAY, HOUR, NOON, SECOND

NIGHT = NOON - 12 * HOUR + AT_NIGHT


def configured(folder: Path, **store: object) -> Config:
    return Config(store=config.Store(url=f"sqlite:///{folder}/hearth.db", **store))


@pytest.fixture
def backups(store: Store, clock: HandClock, tmp_path: Path) -> Backups:
    assert store
    return Backups(configured(tmp_path, keep=3), clock)


def nights(backups: Backups) -> list[int]:
    return [backup.at for backup in backups.made() if backup.why == NIGHTLY]


async def test_each_night_once(backups: Backups, clock: HandClock) -> None:
    """However often the bell rings; a missed night is made up for once; surplus old copies are deleted."""
    await backups.ring()
    await backups.ring()
    assert nights(backups) == [NOON]
    for moment in (NIGHT + DAY - 1, NIGHT + DAY, NIGHT + DAY + 5 * HOUR, NIGHT + 2 * DAY, NIGHT + 9 * DAY + HOUR):
        clock.move(moment)
        await backups.ring()

    assert nights(backups) == [NIGHT + DAY, NIGHT + 2 * DAY, NIGHT + 9 * DAY + HOUR]


async def test_what_somebody_asked_for_is_theirs_to_delete(backups: Backups, clock: HandClock) -> None:
    """However many copies there are of it."""
    for day in range(5):
        clock.move(NIGHT + day * DAY)
        await backups.make(ASKED)

    assert len([each for each in backups.made() if each.why == ASKED]) == 5


async def test_a_clock_that_jumped_and_came_back(store: Store, backups: Backups, tmp_path: Path) -> None:
    """A copy from the future prevents no nightly copy."""
    assert store
    ahead = Backups(configured(tmp_path), HandClock(NOON + 400 * DAY))
    await ahead.ring()

    await backups.ring()

    assert nights(backups) == [NOON, NOON + 400 * DAY]


@pytest.mark.parametrize("keep", [1, 3])
async def test_copies_of_the_future_push_out_none(*, store: Store, clock: HandClock, tmp_path: Path, keep: int) -> None:
    """After many nights with a fast clock, one copy is still made each night, and it stays."""
    assert store
    backups = Backups(configured(tmp_path, keep=keep), clock)
    for night in range(keep):
        clock.set(NOON + (400 + night) * DAY)
        await backups.ring()
    ahead = nights(backups)
    made = []
    for night in range(5):
        for minute in range(3):
            clock.set(NOON + night * DAY + minute * 60 * SECOND)
            await backups.ring()
        made.append(NOON + night * DAY)

    assert nights(backups) == [*made[-keep:], *ahead]


async def test_what_only_looks_like_a_copy(backups: Backups) -> None:
    """A file whose name has no date is no copy, and prevents none."""
    assert backups.folder
    backups.folder.mkdir()
    other = backups.folder / "hearth-20269999T999999.999Z-nightly.db.gz"
    other.touch()

    await backups.ring()

    assert nights(backups) == [NOON]
    assert other.exists()


async def test_a_copy_that_fails_is_tried_again_later(backups: Backups, clock: HandClock) -> None:
    """Not every minute, and the bell goes on ringing."""
    assert backups.folder
    backups.folder.write_text("a file where the folder should be", encoding="utf-8")
    await backups.ring()
    backups.folder.unlink()

    clock.move(NOON + PAUSE - SECOND)
    await backups.ring()
    assert nights(backups) == []
    clock.move(NOON + PAUSE)
    await backups.ring()
    assert nights(backups) == [NOON + PAUSE]


async def test_wrong_books_push_out_no_right_ones(core: Core, home: int, backups: Backups, clock: HandClock) -> None:
    """While something is wrong, all earlier copies stay."""
    for number in range(3):
        clock.move(NIGHT + number * DAY + HOUR)
        await backups.ring()
    async with core.store.write() as tx:
        await tx.run("INSERT INTO board_step (community_id, step, members) VALUES (:home, 1, 7)", home=home)
    for number in range(3, 6):
        clock.move(NIGHT + number * DAY + HOUR)
        await backups.ring()

    assert len(nights(backups)) == 6


async def test_none_are_made_where_none_are_wanted(store: Store, clock: HandClock, tmp_path: Path) -> None:
    """An empty folder in the configuration means none."""
    assert store
    backups = Backups(configured(tmp_path, backups=""), clock)
    await backups.ring()
    await backups.before_migration()

    assert not list(tmp_path.rglob("*.gz"))


async def test_before_the_schema_changes(tmp_path: Path) -> None:
    """An older database is copied as it was, and then migrated; a new one is not copied."""
    wanted = configured(tmp_path / "new")
    async with app.open_core(wanted):
        """The first start, with nothing to lose."""
    assert not (tmp_path / "new" / "backups").exists()
    newest = await older(f"sqlite:///{tmp_path}/hearth.db")

    wanted = configured(tmp_path)
    async with app.open_core(wanted):
        """The first start of a newer version."""
    async with app.open_core(wanted):
        """And the second."""

    (backup,) = Backups(wanted, HandClock(NOON)).made()
    assert backup.why == BEFORE_MIGRATION
    restored = await copies.restore(f"sqlite:///{tmp_path}/restored.db", backup.file, [], NOON)
    assert restored.books.faults is None
    store = await open_store(f"sqlite:///{tmp_path}/restored.db")
    assert await migrate.migrate(store) == [newest]
    await store.close()


async def older(url: str) -> str:
    """A database without the newest migration, and that migration's name."""
    *applied, newest = migrate._known("sqlite")
    store = await open_store(url)
    async with store.write() as tx:
        for each in applied:
            for statement in migrate.statements(each.text, "sqlite" if each.shared else "postgres"):
                await tx.run(statement)
            await tx.run(
                "INSERT INTO schema_version (number, name, applied_at) VALUES (:number, :name, 0)",
                number=each.number,
                name=each.name,
            )
    await store.close()
    return newest.name


async def test_who_stops_waits_for_no_copy(backups: Backups, store: Store) -> None:
    """A copy under way is given up within a moment, and leaves nothing behind."""
    async with store.write() as tx:
        for number in range(20):
            await tx.run(
                "INSERT INTO remembered (key, value, at) VALUES (:key, :value, 0)",
                key=f"big {number}",
                value="x" * 5_000_000,
            )
    making = asyncio.create_task(backups.ring())
    assert backups.folder
    async with asyncio.timeout(10):
        while not backups.folder.exists() or not list(backups.folder.iterdir()):
            await asyncio.sleep(0.001)
    making.cancel()

    async with asyncio.timeout(5):
        await asyncio.gather(making, return_exceptions=True)

    assert making.cancelled()
    assert list(backups.folder.iterdir()) == []


async def test_the_bell_rings_for_it(core: Core, backups: Backups) -> None:
    """Each minute, beside the jobs of communities."""
    ringing = asyncio.create_task(core.schedule.keep(backups.ring, every=0.05))
    async with asyncio.timeout(10):
        while not backups.made():
            await asyncio.sleep(0.01)
    ringing.cancel()

    assert nights(backups) == [NOON]
